package io.driftless.source.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.LinkTable.Inode;
import io.driftless.source.scan.LinkTable.Limits;
import io.driftless.source.scan.LinkTable.Selection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** C21. */
final class LinkTableTest {
  private static final Limits LARGE = new Limits(100_000, 100_000);
  private static final Limits SMALL = new Limits(4, 2);

  @TempDir Path scratch;

  @Test
  void the_name_met_first_carries_the_content_and_the_others_follow() throws Exception {
    try (var links = new LinkTable(scratch, LARGE)) {
      var inode = new Inode(2, 100 * 1 + 3);

      assertThat(links.role(inode, TreePath.of("a"))).isEqualTo(LinkRole.FIRST);
      assertThat(links.role(inode, TreePath.of("b/c"))).isEqualTo(LinkRole.LATER);
      assertThat(links.role(inode, TreePath.of("a"))).isEqualTo(LinkRole.FIRST);
      assertThat(links.role(inode, TreePath.of("b/c"))).isEqualTo(LinkRole.LATER);

      assertThat(groups(links, 256))
          .containsExactly(Map.entry(TreePath.of("a"), Set.of(TreePath.of("b/c"))));
    }
  }

  @Test
  void an_inode_that_got_the_number_of_another_is_another() throws Exception {
    try (var links = new LinkTable(scratch, LARGE)) {
      links.role(new Inode(2, 100 * 1 + 3), TreePath.of("old"));

      assertThat(links.role(new Inode(2, 100 * 1 + 4), TreePath.of("new")))
          .isEqualTo(LinkRole.FIRST);
      assertThat(links.role(new Inode(2, 100 * 9 + 3), TreePath.of("elsewhere")))
          .isEqualTo(LinkRole.FIRST);
    }
  }

  static List<Limits> limits() {
    return List.of(LARGE, new Limits(64, 100_000), new Limits(64, 50));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void groups_stay_together_beyond_what_memory_holds(Limits limits) throws Exception {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    var expected = new HashMap<TreePath, Set<TreePath>>();
    var firsts = new HashMap<Integer, TreePath>();
    try (var links = new LinkTable(scratch, limits)) {
      for (int i = 0; i < 5000; i++) {
        int inode = random.nextInt(700);
        TreePath path = TreePath.of("dir" + i % 13 + "/name" + i);
        LinkRole role = links.role(new Inode(inode, 100 * 5 + 0), path);
        TreePath first = firsts.putIfAbsent(inode, path);
        assertThat(role)
            .as("seed %d name %d", seed, i)
            .isEqualTo(first == null ? LinkRole.FIRST : LinkRole.LATER);
        if (first != null) {
          expected.computeIfAbsent(first, _ -> new HashSet<>()).add(path);
        }
      }

      assertThat(groups(links, 3)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void names_that_are_met_again_count_once_even_on_disk() throws Exception {
    try (var links = new LinkTable(scratch, SMALL)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 10; i++) {
          links.role(new Inode(i / 2, 100 * 5 + 0), TreePath.of("name" + i));
        }
      }

      Map<TreePath, Set<TreePath>> groups = groups(links, 256);
      assertThat(groups).hasSize(5);
      assertThat(groups.get(TreePath.of("name0"))).containsExactly(TreePath.of("name1"));
    }
  }

  @Test
  void nothing_stays_on_disk() throws Exception {
    try (var links = new LinkTable(scratch, SMALL)) {
      for (int i = 0; i < 1000; i++) {
        links.role(new Inode(i / 2, 100 * 5 + 0), TreePath.of("name" + i));
      }
    }

    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("limits")
  void a_group_is_touched_by_any_of_its_names_but_not_by_one_that_is_merely_met(Limits limits)
      throws Exception {
    try (var links = new LinkTable(scratch, limits)) {
      for (int i = 0; i < 300; i++) {
        var inode = new Inode(i / 3, 5);
        links.met(inode, TreePath.of("name" + i));
        if (i == 31 || i == 63) { // a later name of group 10, the first of group 21
          links.role(inode, TreePath.of("name" + i));
        }
      }
      links.met(new Inode(21, 5), TreePath.of("late"));

      assertThat(groups(links, Selection.ALL, 256)).hasSize(100);
      assertThat(groups(links, Selection.TOUCHED, 256))
          .containsOnly(
              Map.entry(
                  TreePath.of("name30"), Set.of(TreePath.of("name31"), TreePath.of("name32"))),
              Map.entry(
                  TreePath.of("name63"),
                  Set.of(TreePath.of("name64"), TreePath.of("name65"), TreePath.of("late"))));
    }
  }

  private static Map<TreePath, Set<TreePath>> groups(LinkTable links, int othersMax)
      throws Exception {
    return groups(links, Selection.ALL, othersMax);
  }

  private static Map<TreePath, Set<TreePath>> groups(
      LinkTable links, Selection selection, int othersMax) throws Exception {
    var groups = new HashMap<TreePath, Set<TreePath>>();
    links.forEach(
        selection,
        othersMax,
        (first, others) -> {
          assertThat(others).hasSizeBetween(1, othersMax);
          var distinct = groups.computeIfAbsent(first, _ -> new HashSet<>());
          for (TreePath other : others) {
            distinct.add(other);
          }
        });
    return groups;
  }
}
