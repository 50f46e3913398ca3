package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.PassMessage.Acknowledged;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a target makes of a whole pass, on whatever file system holds temporary files. */
final class SeedTest {
  @TempDir Path root;
  private ReplicaHarness replica;

  @BeforeEach
  void open() throws Exception {
    replica = new ReplicaHarness(root);
  }

  @AfterEach
  void close() throws Exception {
    replica.close();
  }

  private MemoryTree variety() {
    MemoryTree tree = replica.tree();
    tree.directory("a").directory("a/b").directory("a/b/c").directory("empty");
    tree.file("top", "top").file("a/one", "1").file("a/b/c/deep", "d").file("a/none", "");
    tree.symlink("a/link", "../elsewhere").symlink("dangling", "/nowhere");
    tree.special("a/pipe", Kind.FIFO, 0).special("a/socket", Kind.SOCKET, 0);
    tree.mode("a/one", 0600).modified("a/b", 1_700_000_000, 5).modified("", 1_650_000_000, 7);
    return tree;
  }

  @Test
  void an_empty_volume_becomes_equal_to_its_source() throws Exception {
    variety();

    PassResult result = replica.pass();

    assertThat(replica.source.reasons()).isEmpty();
    assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(result.counters().filesCommitted()).isEqualTo(4);
    assertThat(result.counters().literalBytes()).isEqualTo(5);
    assertThat(replica.source.said(Acknowledged.class)).isNotEmpty();
    replica.requireEqual();
  }

  @Test
  void an_equal_volume_is_found_equal_and_left_alone() throws Exception {
    variety();
    replica.pass();

    PassResult result = replica.pass();

    List<Verdict> verdicts =
        replica.source.said(Verdicts.class).stream().flatMap(v -> v.verdicts().stream()).toList();
    assertThat(verdicts).hasSize(5).allMatch(verdict -> verdict.finding() == Finding.EQUAL);
    assertThat(result.counters())
        .isEqualTo(io.driftless.protocol.message.PassMessage.Counters.NONE);
    assertThat(replica.source.said(Acknowledged.class)).isEmpty();
    replica.requireEqual();
  }

  @Test
  void only_what_changed_is_asked_for() throws Exception {
    variety();
    replica.pass();
    replica.tree().file("a/one", "changed").symlink("a/link", "new").file("a/b/more", "m");

    PassResult result = replica.pass();

    assertThat(replica.source.said(Want.class).stream().mapToInt(w -> w.indices().size()).sum())
        .isEqualTo(2);
    assertThat(result.counters().filesCommitted()).isEqualTo(2);
    replica.requireEqual();
  }

  @Test
  void a_change_of_metadata_alone_sends_no_content() throws Exception { // C26
    variety();
    replica.pass();
    replica.tree().mode("a/one", 0640).mode("a", 0700).modified("a/pipe", 5, 5);

    PassResult result = replica.pass();

    assertThat(replica.source.said(Want.class)).isEmpty();
    assertThat(result.counters().metadataOnly()).isEqualTo(3);
    replica.requireEqual();
  }

  @Test
  void large_files_come_in_segments_and_sparse_ones_keep_their_holes() throws Exception {
    byte[] large = new byte[5 * 1024 * 1024 + 17];
    new SplittableRandom(1).nextBytes(large);
    byte[] sparse = new byte[3 * 1024 * 1024];
    sparse[2 * 1024 * 1024] = 1;
    replica.tree().directory("d").file("d/large", large).file("d/sparse", sparse);
    replica.tree().file("d/small-sparse", new byte[200_000]);
    replica.source.holes = true;

    PassResult result = replica.pass();

    assertThat(result.counters().literalBytes())
        .isEqualTo((long) large.length + sparse.length + 200_000);
    assertThat((long) Files.getAttribute(root.resolve("d/sparse"), "unix:ino")).isPositive();
    replica.requireEqual();
  }

  @Test
  void an_attempt_that_broke_off_is_the_basis_of_the_next() throws Exception { // C41
    byte[] large = new byte[3 * 1024 * 1024];
    new SplittableRandom(2).nextBytes(large);
    replica.tree().file("large", large);
    replica.source.segments =
        segment -> {
          if (segment.offset() == 2 * 1024 * 1024) {
            Awaitility.await().until(() -> partBegins(large, 2 * 1024 * 1024));
            throw new IllegalStateException("power cut");
          }
          return segment;
        };
    try {
      replica.pass();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("power cut");
    }
    replica.close();
    assertThat(root.resolve("large")).doesNotExist();

    MemoryTree tree = replica.tree();
    replica = new ReplicaHarness(root);
    replica.source.tree = tree;
    PassResult result = replica.pass();

    assertThat(result.counters().matchedBytes()).isEqualTo(2 * 1024 * 1024);
    assertThat(result.counters().literalBytes()).isEqualTo(1024 * 1024);
    replica.requireEqual();
  }

  /** What was answered before is written by other threads. */
  private boolean partBegins(byte[] content, int length) throws IOException {
    try (Stream<Path> parts = Files.list(root.resolve(".driftless/parts"))) {
      Path part = parts.findFirst().orElseThrow();
      byte[] there = Files.readAllBytes(part);
      return there.length >= length && Arrays.equals(there, 0, length, content, 0, length);
    }
  }

  @Test
  void names_of_one_inode_are_linked() throws Exception { // C21
    replica.tree().directory("a").directory("b").file("a/x", "x").file("b/y", "x");
    replica.tree().file("z", "x").linked("a/x", "b/y", "z");

    replica.pass();

    replica.requireEqual();
    assertThat(Files.getAttribute(root.resolve("a/x"), "unix:ino"))
        .isEqualTo(Files.getAttribute(root.resolve("b/y"), "unix:ino"))
        .isEqualTo(Files.getAttribute(root.resolve("z"), "unix:ino"));
  }

  @Test
  void a_file_that_never_held_still_differs_ever_after() throws Exception { // B22
    replica.tree().file("hot", "mix").busy("hot");

    PassResult result = replica.pass();

    assertThat(result.counters().busyFiles()).isEqualTo(1);
    assertThat(replica.source.reasons()).containsExactly("hot busy");
    assertThat(Files.getLastModifiedTime(root.resolve("hot")).toInstant().getEpochSecond())
        .isEqualTo(MemoryTree.TIME.seconds() - 2);
  }

  @Test
  void a_large_file_that_changes_is_read_in_rounds() throws Exception {
    byte[] before = new byte[2 * 1024 * 1024];
    byte[] after = before.clone();
    after[10] = 1;
    replica.tree().file("big", before);
    replica.source.segments =
        segment -> {
          if (replica.tree().node(TreePath.of("big")).content() == before) {
            replica.tree().file("big", after);
          }
          return segment;
        };

    PassResult result = replica.pass();

    assertThat(replica.source.said(WantSegment.class)).hasSize(4);
    assertThat(result.counters().busyFiles()).isZero();
    replica.requireEqual();
  }

  @Test
  void a_directory_in_many_slices_arrives_and_is_found_equal() throws Exception { // C6
    MemoryTree tree = replica.tree().directory("wide").mode("wide", 0750).modified("wide", 9, 9);
    for (int i = 0; i < 500; i++) {
      tree.file("wide/" + i, "content " + i).directory("wide/d" + i);
    }
    replica.source.scopeBits = 3;
    replica.source.recordsInPart = 7;

    replica.pass();
    replica.requireEqual();
    tree.file("wide/77", "changed");
    PassResult result = replica.pass();

    assertThat(result.counters().filesCommitted()).isEqualTo(1);
    assertThat(result.counters().extraEntries()).isZero();
    replica.requireEqual();
  }

  @Test
  void names_of_every_shape_arrive_byte_by_byte() throws Exception { // C3, C4
    MemoryTree tree = replica.tree();
    String deep = "d".repeat(250);
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < 20; i++) { // longer than PATH_MAX
      path.append(i == 0 ? "" : "/").append(deep);
      tree.directory(path.toString());
    }
    tree.file(path + "/file", "deep");
    for (String name :
        List.of("-rf", "*?[", " ", "a\nb", "caf\u00e9", "cafe\u0301", "A", "a", "\\")) {
      tree.file(name, name);
    }
    tree.file("n".repeat(255), "long");

    replica.pass();

    assertThat(replica.source.reasons()).isEmpty();
    replica.requireEqual();

    tree.remove(deep).file(deep, "flat");
    replica.source.deletes = Deletes.ALLOWED;
    assertThat(replica.pass().counters().entriesDeleted()).isEqualTo(21);
    replica.requireEqual();
  }

  @Test
  void more_passes_run_one_after_the_other() throws Exception {
    for (int round = 0; round < 5; round++) {
      replica.tree().directory("d" + round).file("d" + round + "/f", "x" + round);
      replica.tree().modified("", 1000 + round, round);
      replica.pass();
      replica.requireEqual();
    }
  }
}
