package io.driftless.source.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.LinkTable.Inode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C21. */
final class LinkTableTest {
  @TempDir Path scratch;

  @Test
  void the_name_met_first_carries_the_content_and_the_others_follow() throws Exception {
    try (var links = new LinkTable(scratch, 100)) {
      var inode = new Inode(1, 2, 3);

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
    try (var links = new LinkTable(scratch, 100)) {
      links.role(new Inode(1, 2, 3), TreePath.of("old"));

      assertThat(links.role(new Inode(1, 2, 4), TreePath.of("new"))).isEqualTo(LinkRole.FIRST);
      assertThat(links.role(new Inode(9, 2, 3), TreePath.of("elsewhere")))
          .isEqualTo(LinkRole.FIRST);
    }
  }

  @Test
  void groups_stay_together_beyond_what_memory_holds() throws Exception {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    var expected = new HashMap<TreePath, Set<TreePath>>();
    var firsts = new HashMap<Integer, TreePath>();
    try (var links = new LinkTable(scratch, 64)) {
      for (int i = 0; i < 5000; i++) {
        int inode = random.nextInt(700);
        TreePath path = TreePath.of("dir" + i % 13 + "/name" + i);
        LinkRole role = links.role(new Inode(5, inode, 0), path);
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
    try (var links = new LinkTable(scratch, 4)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 10; i++) {
          links.role(new Inode(5, i / 2, 0), TreePath.of("name" + i));
        }
      }

      Map<TreePath, Set<TreePath>> groups = groups(links, 256);
      assertThat(groups).hasSize(5);
      assertThat(groups.get(TreePath.of("name0"))).containsExactly(TreePath.of("name1"));
    }
  }

  @Test
  void nothing_stays_on_disk() throws Exception {
    try (var links = new LinkTable(scratch, 4)) {
      for (int i = 0; i < 1000; i++) {
        links.role(new Inode(5, i / 2, 0), TreePath.of("name" + i));
      }
    }

    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }

  private static Map<TreePath, Set<TreePath>> groups(LinkTable links, int othersMax)
      throws Exception {
    var groups = new HashMap<TreePath, Set<TreePath>>();
    links.forEach(
        othersMax,
        (first, others) -> {
          assertThat(others).hasSizeBetween(1, othersMax);
          var distinct = groups.computeIfAbsent(first, _ -> new HashSet<>());
          for (TreePath other : others) {
            assertThat(distinct.add(other)).isTrue();
          }
        });
    return groups;
  }
}
