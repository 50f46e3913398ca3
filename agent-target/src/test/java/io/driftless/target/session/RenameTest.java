package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C36: what has another name on the source than before")
final class RenameTest {
  @TempDir private Path root;

  private static void fill(MemoryTree tree) {
    tree.directory("a").directory("b");
    for (int i = 0; i < 20; i++) {
      tree.file("a/" + i, "content " + i).modified("a/" + i, 1000 + i, i);
      tree.file("b/" + i, "other content " + i).modified("b/" + i, 2000 + i, i);
    }
  }

  private static Object inode(Path file) throws Exception {
    return Files.getAttribute(file, "unix:ino");
  }

  private void requireMovedAlone(ReplicaHarness replica, PassResult result, int files)
      throws Exception {
    assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(result.counters().filesRenamed()).isEqualTo(files);
    assertThat(result.counters().filesCommitted()).isZero();
    assertThat(result.counters().literalBytes()).isZero();
    assertThat(result.counters().entriesDeleted()).isZero();
    assertThat(result.counters().extraEntries()).isZero();
    assertThat(replica.source.said(Want.class)).isEmpty();
    assertThat(replica.source.problems()).isEmpty();
    replica.requireEqual();
    assertThat(root.resolve(".driftless")).doesNotExist();
  }

  @Test
  void a_file_is_renamed_within_its_directory_and_into_another() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      Object third = inode(root.resolve("a/3"));
      Object fifth = inode(root.resolve("b/5"));
      replica.tree().move("a/3", "a/third").move("b/5", "a/fifth").modified("b", 777, 7);

      PassResult result = replica.pass();

      requireMovedAlone(replica, result, 2);
      assertThat(inode(root.resolve("a/third"))).isEqualTo(third);
      assertThat(inode(root.resolve("a/fifth"))).isEqualTo(fifth);
    }
  }

  @Test
  void all_files_of_a_volume_may_be_renamed_without_a_guard() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      for (int i = 0; i < 20; i++) {
        replica.tree().move("a/" + i, "b/from-a-" + i).move("b/" + i, "a/from-b-" + i);
      }

      requireMovedAlone(replica, replica.pass(), 40);
    }
  }

  @Test
  void the_metadata_of_a_renamed_file_is_made_right_too() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().move("a/3", "b/third").mode("b/third", 0600);

      requireMovedAlone(replica, replica.pass(), 1);
    }
  }

  @Test
  void a_file_with_the_same_length_and_time_and_another_content_is_transferred() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().remove("a/3").file("b/new", "CONTENT 3").modified("b/new", 1003, 3);

      PassResult result = replica.pass();

      assertThat(result.counters().filesRenamed()).isZero();
      assertThat(result.counters().filesCommitted()).isEqualTo(1);
      assertThat(result.counters().entriesDeleted()).isEqualTo(1);
      replica.requireEqual();
    }
  }

  @Test
  void nothing_is_renamed_that_the_source_does_not_miss() throws Exception { // B7
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().move("a/3", "b/third");
      replica.source.absences = question -> new Absences(question.question(), List.of());

      PassResult result = replica.pass();

      assertThat(result.counters().filesRenamed()).isZero();
      assertThat(result.counters().filesCommitted()).isEqualTo(1);
      assertThat(root.resolve("a/3")).hasContent("content 3");
      assertThat(root.resolve("b/third")).hasContent("content 3");
    }
  }

  @Test
  void what_is_excluded_is_not_renamed() throws Exception {
    Exclusions mine = _ -> (name, _) -> name.toString().startsWith("mine");
    try (var replica =
        new ReplicaHarness(ReplicaHarness.options(root, Standing.SEEDED, mine), null)) {
      fill(replica.tree());
      replica.pass();
      Files.writeString(root.resolve("a/mine"), "content 3");
      Files.setLastModifiedTime(
          root.resolve("a/mine"), Files.getLastModifiedTime(root.resolve("a/3")));
      replica.tree().remove("a/3").file("b/new", "content 3").modified("b/new", 1003, 3);
      Files.delete(root.resolve("a/3"));

      PassResult result = replica.pass();

      assertThat(result.counters().filesRenamed()).isZero();
      assertThat(root.resolve("a/mine")).hasContent("content 3");
      assertThat(root.resolve("b/new")).hasContent("content 3");
    }
  }

  @Test
  void nothing_is_renamed_of_what_did_not_come_from_this_source() throws Exception {
    Files.writeString(root.resolve("foreign"), "content");
    Files.setLastModifiedTime(root.resolve("foreign"), FileTime.fromMillis(5000));
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().file("new", "content").modified("new", 5, 0);

      PassResult result = replica.pass();

      assertThat(result.counters().filesRenamed()).isZero();
      assertThat(root.resolve("foreign")).hasContent("content");
    }
  }

  @Test
  void a_directory_is_renamed_with_all_that_is_below_it() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.tree().directory("a/c").directory("a/c/d").file("a/c/d/deep", "deep");
      replica.pass();
      Object inode = inode(root.resolve("a"));
      replica.tree().move("a", "b/new").modified("b", 55, 5);

      PassResult result = replica.pass();

      requireMovedAlone(replica, result, 21);
      assertThat(inode(root.resolve("b/new"))).isEqualTo(inode);
      assertThat(replica.poison.unproven).isEmpty();
    }
  }

  @Test
  void a_directory_with_all_files_may_be_renamed_without_a_guard() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      replica.tree().directory("all");
      for (int i = 0; i < 150; i++) {
        replica.tree().file("all/" + i, "content " + i);
      }
      replica.pass();
      replica.tree().move("all", "everything");

      requireMovedAlone(replica, replica.pass(), 150);
    }
  }

  @Test
  void a_directory_that_merely_looks_like_another_gets_its_content() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().move("a", "new").file("new/3", "CONTENT 3").modified("new/3", 1003, 3);

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(result.counters().filesCommitted()).isEqualTo(1);
      replica.requireEqual();
    }
  }

  @Test
  void a_directory_moves_into_a_new_one_and_one_that_was_moved_itself() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.tree().directory("c").file("c/single", "single").modified("c/single", 7, 7);
      replica.pass();
      replica.tree().directory("fresh").move("a", "fresh/a").move("c", "fresh/a/c");

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(result.counters().filesCommitted()).isZero();
      assertThat(result.counters().filesRenamed()).isEqualTo(21);
      replica.requireEqual();
    }
  }

  @Test
  void what_lay_in_a_directory_that_vanished_is_found_again() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.tree().directory("a/sub").file("a/sub/x", "x").file("a/sub/y", "yy");
      replica.pass();
      replica.tree().move("a/sub", "sub").move("a/3", "third").remove("a");

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(result.counters().filesCommitted()).isZero();
      assertThat(result.counters().filesRenamed()).isEqualTo(3);
      assertThat(result.counters().entriesDeleted()).isEqualTo(20);
      replica.requireEqual();
    }
  }

  @Test
  void an_empty_directory_may_come_before_the_one_that_is_renamed_around_it() throws Exception {
    var syncs = new AtomicInteger();
    try (var replica =
        new ReplicaHarness(ReplicaHarness.options(root, Standing.SEEDED), syncs::incrementAndGet)) {
      fill(replica.tree());
      replica.tree().directory("a/empty");
      replica.pass();
      replica.tree().move("a", "new");
      var empty = TreePath.of("new/empty");
      replica.source.order =
          all -> List.of(List.of(empty), all.stream().filter(path -> !path.equals(empty)).toList());
      int before = syncs.get();
      replica.source.betweenOffers =
          () -> await().untilAsserted(() -> assertThat(syncs.get() - before).isGreaterThan(1));

      requireMovedAlone(replica, replica.pass(), 20);
    }
  }

  @Test
  void what_is_below_a_renamed_directory_is_looked_at_once_whatever_comes_first() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.tree().directory("a/in").file("a/in/x", "x").directory("a/in/deep");
      replica.pass();
      replica.tree().move("a", "new");
      replica.source.order = all -> all.reversed().stream().map(List::of).toList();
      Files.writeString(root.resolve("a/in/extra"), "of the target");

      PassResult result = replica.pass();

      assertThat(result.counters().filesCommitted()).isZero();
      assertThat(result.counters().entriesDeleted()).isEqualTo(1);
      assertThat(result.counters().extraEntries()).isZero();
      assertThat(replica.source.said(Revisit.class)).hasSize(1);
      replica.requireEqual();
    }
  }

  @Test
  void swaps_of_directories_come_out_right() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.tree().directory("a/in-a").file("a/in-a/x", "x").directory("b/in-b");
      replica.tree().file("b/in-b/y", "y");
      replica.pass();
      replica.tree().move("a", "tmp").move("b", "a").move("tmp", "b");

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      replica.requireEqual();
      assertThat(replica.pass().counters().filesCommitted()).isZero();
    }
  }

  @Test
  void a_directory_around_what_is_excluded_is_not_renamed() throws Exception {
    Exclusions mine = _ -> (name, _) -> name.toString().startsWith("mine");
    try (var replica =
        new ReplicaHarness(ReplicaHarness.options(root, Standing.SEEDED, mine), null)) {
      fill(replica.tree());
      replica.pass();
      Files.writeString(root.resolve("a/mine"), "mine");
      replica.tree().move("a", "new");

      replica.pass();

      assertThat(root.resolve("a").toFile().list()).containsExactly("mine");
      assertThat(root.resolve("new/mine")).doesNotExist();
      assertThat(root.resolve("new/3")).hasContent("content 3");
    }
  }

  @Test
  void what_a_broken_pass_renamed_is_compared_by_the_next() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.poison.unproven.add(TreePath.of("a"));
      Files.writeString(root.resolve("a/3"), "CONTENT 3");
      Files.setLastModifiedTime(
          root.resolve("a/3"), FileTime.from(java.time.Instant.ofEpochSecond(1003, 3)));

      PassResult result = replica.pass();

      assertThat(result.counters().filesCommitted()).isEqualTo(1);
      replica.requireEqual();
      assertThat(replica.poison.unproven).isEmpty();
    }
  }

  @Test
  void swaps_and_cycles_come_out_right() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().move("a/1", "tmp").move("a/2", "a/1").move("tmp", "a/2");
      replica.tree().move("a/3", "tmp").move("b/4", "a/3").move("b/5", "b/4").move("tmp", "b/5");

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      replica.requireEqual();
    }
  }

  @Test
  void a_name_of_a_file_with_several_is_not_taken_away() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      Files.createLink(root.resolve("outside"), root.resolve("a/3"));
      replica.tree().move("a/3", "b/third");

      PassResult result = replica.pass();

      assertThat(result.counters().filesRenamed()).isZero();
      replica.requireEqual();
    }
  }
}
