package io.driftless.protocol.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TreePathTest {
  @ParameterizedTest
  @DisplayName("B1: paths that lead elsewhere are refused")
  @ValueSource(
      strings = {"/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a/../../b", "a\0/b"})
  void paths_that_lead_elsewhere_are_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> TreePath.of(text));
  }

  @Test
  void the_root_is_the_empty_path() {
    assertThat(TreePath.of("")).isEqualTo(TreePath.ROOT).hasToString(".");
    assertThat(TreePath.ROOT.isRoot()).isTrue();
    assertThat(TreePath.ROOT.toBytes()).isEmpty();
    assertThat(TreePath.ROOT.names()).isEmpty();
    assertThatIllegalStateException().isThrownBy(TreePath.ROOT::parent);
    assertThatIllegalStateException().isThrownBy(TreePath.ROOT::name);
  }

  @Test
  void a_path_is_its_parent_and_its_name() {
    TreePath path = TreePath.of("a/bc/d");

    assertThat(path).isEqualTo(TreePath.of("a/bc").resolve(Name.of("d")));
    assertThat(path.parent()).isEqualTo(TreePath.of("a/bc"));
    assertThat(path.name()).isEqualTo(Name.of("d"));
    assertThat(path.depth()).isEqualTo(3);
    assertThat(path.length()).isEqualTo(6);
    assertThat(path.names()).isEqualTo(List.of(Name.of("a"), Name.of("bc"), Name.of("d")));
    assertThat(path.isRoot()).isFalse();
  }

  @Test
  void below_is_a_matter_of_names_and_not_of_text() {
    TreePath path = TreePath.of("a/bc");

    assertThat(path.startsWith(TreePath.ROOT)).isTrue();
    assertThat(path.startsWith(TreePath.of("a"))).isTrue();
    assertThat(path.startsWith(path)).isTrue();
    assertThat(path.startsWith(TreePath.of("a/b"))).isFalse();
    assertThat(path.startsWith(TreePath.of("a/bc/d"))).isFalse();
    assertThat(path.startsWith(TreePath.of("bc"))).isFalse();
  }

  @Test
  void equal_length_and_depth_do_not_make_equal_paths() {
    assertThat(TreePath.of("ab/c")).isNotEqualTo(TreePath.of("a/bc"));
    assertThat(TreePath.of("a/b")).isNotEqualTo(TreePath.of("b/b"));
    assertThat(TreePath.of("a/b")).hasSameHashCodeAs(TreePath.of("a/b"));
  }

  @Test
  @DisplayName("C4: names that are not UTF-8 survive in paths")
  void names_that_are_not_utf8_survive_in_paths() {
    byte[] bytes = "d\u00ff/\u0080\n/x".getBytes(ISO_8859_1);

    TreePath path = TreePath.of(bytes);

    assertThat(path.toBytes()).isEqualTo(bytes);
    assertThat(path).hasToString("d\\xff/\\x80\\n/x");
  }

  @Test
  @DisplayName("C1, C3: paths as deep as the limit allows are carried, longer ones are not")
  void paths_as_deep_as_the_limit_allows_are_carried() {
    String deepest = "a" + "/a".repeat((TreePath.MAX_BYTES - 1) / 2) + "a";

    TreePath path = TreePath.of(deepest);

    assertThat(path.length()).isEqualTo(TreePath.MAX_BYTES);
    assertThat(path.depth()).isEqualTo(TreePath.MAX_BYTES / 2);
    assertThat(path.toBytes()).isEqualTo(deepest.getBytes(UTF_8));
    assertThat(path).isEqualTo(TreePath.of(deepest));
    assertThat(path).hasSameHashCodeAs(TreePath.of(deepest));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TreePath.of(deepest + "a"))
        .withMessage("path of 32769 bytes exceeds 32768");
  }

  @Test
  void order_is_that_of_the_bytes_of_the_whole_path() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 10_000; round++) {
      TreePath one = randomPath(random);
      TreePath other = randomPath(random);
      int expected = Integer.signum(Arrays.compareUnsigned(one.toBytes(), other.toBytes()));

      assertThat(Integer.signum(one.compareTo(other)))
          .as("seed %d round %d: %s, %s", seed, round, one, other)
          .isEqualTo(expected);
      assertThat(one.equals(other)).as("seed %d round %d", seed, round).isEqualTo(expected == 0);
    }
  }

  @Test
  void random_paths_survive_the_way_through_bytes() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 10_000; round++) {
      TreePath path = randomPath(random);

      TreePath back = TreePath.of(path.toBytes());

      assertThat(back).as("seed %d round %d", seed, round).isEqualTo(path);
      assertThat(back.hashCode()).as("seed %d round %d", seed, round).isEqualTo(path.hashCode());
      assertThat(path.toBytes()).as("seed %d round %d", seed, round).hasSize(path.length());
      assertThat(path.names()).as("seed %d round %d", seed, round).hasSize(path.depth());
    }
  }

  private static TreePath randomPath(SplittableRandom random) {
    TreePath path = TreePath.ROOT;
    int depth = random.nextInt(5);
    for (int i = 0; i < depth; i++) {
      byte[] name = new byte[random.nextInt(1, 3)];
      for (int at = 0; at < name.length; at++) {
        name[at] = (byte) "ab!~\u00ff\u0080\n0".charAt(random.nextInt(8));
      }
      path = path.resolve(Name.of(name));
    }
    return path;
  }
}
