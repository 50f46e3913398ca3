package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.PassMessage.Acknowledged;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.DurableStorage;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stage, make durable, rename, make durable, acknowledge; and what happens if one of them fails.
 */
final class DurabilityTest {
  @TempDir Path root;

  private ReplicaHarness replica(DurableStorage storage) throws IOException {
    return new ReplicaHarness(ReplicaHarness.options(root, Standing.NEVER_SEEDED), storage);
  }

  /** Fails at chosen calls. */
  private static final class FailingStorage implements DurableStorage {
    private final List<Integer> failing;
    private int calls;

    FailingStorage(Integer... failing) {
      this.failing = List.of(failing);
    }

    @Override
    public synchronized void sync() throws IOException {
      if (failing.contains(++calls)) {
        throw new IOException("the disk failed (injected)");
      }
    }
  }

  private static PassResult resultOfBrokenWalk(ScriptedSource source) {
    assertThat(catchThrowable(source::walk)).hasMessageContaining("ended with");
    return source.said(PassResult.class).getFirst();
  }

  @Test
  void content_is_durable_before_it_is_renamed_and_that_before_it_is_acknowledged()
      throws Exception { // C44
    var seen = new ArrayList<String>();
    var replica = new ReplicaHarness[1];
    DurableStorage storage =
        () -> {
          boolean inPlace = Files.exists(root.resolve("f"));
          boolean acknowledged = !replica[0].source.said(Acknowledged.class).isEmpty();
          seen.add(inPlace + "/" + acknowledged);
        };
    try (var opened = replica(storage)) {
      replica[0] = opened;
      opened.tree().file("f", "x");

      opened.pass();

      assertThat(seen).startsWith("false/false", "true/false");
      assertThat(opened.source.said(Acknowledged.class)).hasSize(1);
    }
  }

  @Test
  void what_could_not_be_made_durable_is_not_renamed_and_comes_again() throws Exception {
    try (var replica = replica(new FailingStorage(1))) {
      replica.tree().directory("d").file("d/f", "x");

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(replica.source.reasons()).contains("d storage-error");
      assertThat(root.resolve("d")).doesNotExist();
      assertThat(replica.source.said(Acknowledged.class)).isEmpty();
      assertThat(replica.poison.entries).contains(TreePath.of("d"));

      replica.pass();
      replica.requireEqual();
      assertThat(replica.poison.entries).isEmpty();
    }
  }

  @Test
  void what_was_renamed_when_the_disk_failed_is_transferred_again_though_it_looks_equal()
      throws Exception {
    try (var replica = replica(new FailingStorage(2))) {
      replica.tree().directory("d").file("d/f", "x");
      replica.pass();
      replica.requireEqual();
      assertThat(replica.source.said(Acknowledged.class)).isEmpty();

      PassResult again = replica.pass();

      assertThat(again.counters().filesCommitted()).isEqualTo(1);
      assertThat(replica.poison.entries).isEmpty();
      assertThat(replica.pass().counters().filesCommitted()).isZero();
    }
  }

  @Test
  void what_was_staged_while_the_disk_failed_is_not_trusted_either() throws Exception {
    var syncing = new CountDownLatch(1);
    var calls = new AtomicInteger();
    DurableStorage storage =
        () -> {
          if (calls.incrementAndGet() == 1) {
            syncing.countDown();
            await().until(this::isAPartComplete);
            throw new IOException("the disk failed (injected)");
          }
        };
    try (var replica = replica(storage)) {
      replica.tree().file("f", "x").file("large", new byte[300_000]);
      replica.source.segments = segment -> awaiting(syncing, segment);

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(replica.source.reasons())
          .containsExactlyInAnyOrder("f storage-error", ". storage-error", "large storage-error");
      assertThat(root).isEmptyDirectory();
      assertThat(replica.source.said(Acknowledged.class)).isEmpty();

      replica.pass();
      replica.requireEqual();
    }
  }

  @Test
  void a_part_that_was_begun_before_the_disk_failed_is_not_trusted() throws Exception {
    var failed = new CountDownLatch(1);
    var calls = new AtomicInteger();
    DurableStorage storage =
        () -> {
          if (calls.incrementAndGet() == 1) {
            failed.countDown();
            throw new IOException("the disk failed (injected)");
          }
        };
    try (var replica = replica(storage)) {
      replica.tree().file("f", "x").file("large", new byte[(1 << 20) + 5]);
      replica.source.segments =
          segment -> segment.offset() == 0 ? segment : awaiting(failed, segment);

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(replica.source.reasons()).contains("large storage-error");
      assertThat(root).isEmptyDirectory();

      assertThat(replica.pass().counters().matchedBytes()).isZero();
      replica.requireEqual();
    }
  }

  private boolean isAPartComplete() throws IOException {
    try (var parts = Files.list(root.resolve(".driftless/parts"))) {
      return parts
          .map(part -> part.toFile().lastModified())
          .anyMatch(millis -> millis / 1000 == MemoryTree.TIME.seconds());
    }
  }

  private static Segment awaiting(CountDownLatch latch, Segment segment) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return segment;
  }

  @ParameterizedTest
  @EnumSource(
      value = Reading.class,
      names = {"VANISHED", "UNREADABLE"})
  void nothing_is_left_of_a_large_file_that_the_source_could_not_read_to_its_end(Reading reading)
      throws Exception {
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().file("f", "x").file("large", new byte[(3 << 20) + 5]);
      replica.source.segments =
          segment -> segment.offset() < 1 << 20 ? segment : without(segment, reading);

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(root.toFile().list()).containsExactly("f");
    }
  }

  private static Segment without(Segment segment, Reading reading) {
    segment.literals().bytes().release();
    return new Segment(
        segment.slice(),
        segment.index(),
        segment.offset(),
        reading,
        "injected",
        segment.version(),
        segment.fileBytes(),
        List.of(),
        new Packed(Packing.PLAIN, 0, 0, Unpooled.EMPTY_BUFFER));
  }

  @Test
  void three_poisoned_epochs_stop_the_volume() throws Exception {
    try (var replica = replica(new FailingStorage(1, 3, 5, 7, 9))) {
      replica.tree().file("f", "x");

      replica.pass();
      replica.pass();
      replica.source.begin();
      PassResult result = resultOfBrokenWalk(replica.source);

      assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(result.slug()).isEqualTo("storage-failed");
    }
  }

  @Test
  void a_session_that_was_killed_leaves_nothing_that_the_next_one_trips_over()
      throws Exception { // C39
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().directory("d");
      for (int i = 0; i < 50; i++) {
        replica.tree().file("d/" + i, "content " + i);
      }
      replica.pass();
    }
    Path stage = root.resolve(".driftless/stage");
    Files.createDirectories(stage.resolve("1/deep/er"));
    Files.writeString(stage.resolve("1/deep/er/f"), "left");
    Files.writeString(stage.resolve("2"), "left");
    Files.createDirectories(root.resolve(".driftless/parts"));
    Files.writeString(root.resolve(".driftless/parts/0123"), "old part");
    for (Path own : List.of(root.resolve(".driftless"), stage, stage.resolveSibling("parts"))) {
      Files.setPosixFilePermissions(
          own, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    }
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().directory("d");
      for (int i = 0; i < 60; i++) {
        replica.tree().file("d/" + i, "content " + i);
      }
      replica.pass();

      replica.requireEqual(); // the staging area is gone as well
    }
  }

  @Test
  void a_staging_area_that_is_not_ours_is_refused() throws Exception { // B5
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("canary"), "alive");
    Files.createSymbolicLink(root.resolve(".driftless"), elsewhere);
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().file("f", "x");
      replica.source.say(
          new io.driftless.protocol.message.PassMessage.BeginPass(
              1,
              io.driftless.protocol.message.PassMessage.Compare.METADATA,
              io.driftless.protocol.message.PassMessage.Effect.APPLY,
              io.driftless.protocol.message.PassMessage.Deletes.GUARDED,
              0,
              Excluded.PROTECTED,
              io.driftless.protocol.message.PassMessage.Course.TREE,
              TreePath.ROOT));

      PassResult result = replica.source.await(PassResult.class);

      assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(result.slug()).isEqualTo("staging-unusable");
      assertThat(elsewhere.resolve("canary")).hasContent("alive");
    }
  }

  @Test
  void a_pass_that_is_cancelled_drops_what_is_not_committed_and_keeps_parts() throws Exception {
    try (var replica = new ReplicaHarness(root)) {
      replica.tree().file("large", new byte[2 << 20]);
      replica.source.segments =
          segment -> {
            if (segment.offset() > 0) {
              replica.source.say(new CancelPass());
            }
            return segment;
          };
      replica.source.begin();
      PassResult result = resultOfBrokenWalk(replica.source);

      assertThat(result.outcome()).isEqualTo(Outcome.CANCELLED);
      assertThat(root.resolve("large")).doesNotExist();
      try (var parts = Files.list(root.resolve(".driftless/parts"))) {
        assertThat(parts).hasSize(1);
      }

      replica.source.segments = java.util.function.UnaryOperator.identity();
      assertThat(replica.pass().outcome()).isEqualTo(Outcome.COMPLETE);
      replica.requireEqual();
    }
  }

  @Test
  void nothing_runs_any_more_once_it_is_fenced() throws Exception {
    ReplicaHarness replica = new ReplicaHarness(root);
    replica.tree().file("f", "x");
    replica.source.begin();

    replica.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("test-"));
  }
}
