package io.driftless.source.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Changes;
import io.driftless.source.scan.Sightings;
import io.driftless.source.session.Line;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.Shipment;
import io.driftless.source.session.VolumeStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Deletions that the guard of a followed volume refuses. */
final class RefusedDeletionsTest {
  private static final Guard DELETES = new Guard("too-many-deletes", "too many", List.of(), "");
  private static final TreePath GONE = TreePath.of("gone");
  private static final TreePath OTHER = TreePath.of("other");

  private final List<Changes> shipments = new ArrayList<>();
  private final Replicator replicator =
      new Replicator(
          "www",
          (_, _) -> new SimulatedWatch(false),
          () -> new Line.Opening.Opened(new GuardedLine()),
          () -> Instant.EPOCH,
          this::now,
          () -> {});
  private long now = 1;
  private boolean isRefused = true;

  /** Another file never holds still. */
  private boolean isBeside;

  private long now() {
    return now;
  }

  /** Refuses to delete one name, until it is told otherwise. */
  private final class GuardedLine implements Line {
    @Override
    public Shipment ship(Changes changes, long pass) {
      shipments.add(changes);
      boolean isMet =
          changes.names().getOrDefault(TreePath.ROOT, Map.of()).containsKey(GONE.name());
      PassEnding ending =
          isMet && isRefused
              ? new PassEnding.Refused(Counters.NONE, DELETES)
              : new PassEnding.Complete(Counters.NONE);
      List<Problem> problems = isBeside ? List.of(new Problem(OTHER, Problem.BUSY, "")) : List.of();
      return new Shipment(ending, problems, new Sightings(), Duration.ZERO, 0);
    }

    @Override
    public boolean hasEnded() {
      return false;
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}
  }

  private void change(TreePath path) {
    replicator.dirty().changed(TreePath.ROOT, Name.of(path.toString()));
  }

  private void follow() {
    replicator.switchTo(true, Path.of("/simulated"), Optional.of(Instant.EPOCH));
    replicator.dirty().beginPass(); // the doubt of the beginning
  }

  private void goOn(Duration length) throws InterruptedException {
    long end = now + length.toNanos();
    while (now < end) {
      long wait = replicator.untilDue();
      if (wait <= 0) {
        replicator.step(1, () -> {});
        wait = 1;
      }
      now = Math.min(end, now + wait);
    }
  }

  @Test
  @DisplayName("what looks deleted is no matter any more once its new name has arrived")
  void what_arrives_under_another_name_is_not_held() throws Exception {
    follow();
    change(GONE);
    goOn(Duration.ofSeconds(1));
    assertThat(shipments).hasSizeBetween(2, 4);
    assertThat(replicator.condition().state()).isNotEqualTo(State.HELD);
    assertThat(replicator.status().lag()).contains(Duration.ofSeconds(1));

    isRefused = false;
    goOn(Duration.ofSeconds(2));

    assertThat(replicator.condition().state()).isEqualTo(State.REPLICATING);
    assertThat(replicator.isClean()).isTrue();
  }

  @Test
  @DisplayName("what stays deleted is held after a few seconds, and nothing else")
  void what_stays_deleted_is_held() throws Exception {
    follow();
    change(GONE);
    goOn(Duration.ofSeconds(8));
    assertThat(replicator.condition().state()).isEqualTo(State.HELD);
    assertThat(shipments).hasSizeBetween(4, 7);
    shipments.clear();

    change(OTHER);
    goOn(Duration.ofSeconds(1));

    assertThat(shipments).hasSize(1);
    assertThat(replicator.condition().state()).isEqualTo(State.HELD);
  }

  @Test
  @DisplayName("the next deletion is given as long as the first, not what the first has left")
  void a_later_deletion_is_given_as_long() throws Exception {
    oneDeletionPasses();
    assertThat(replicator.isClean()).isTrue();

    change(GONE);
    goOn(Duration.ofSeconds(1));

    assertThat(replicator.condition().state()).isNotEqualTo(State.HELD);
  }

  @Test
  @DisplayName("nor what it has left beside a file that never holds still")
  void a_later_deletion_beside_a_busy_file_is_given_as_long() throws Exception {
    isBeside = true;
    oneDeletionPasses();

    change(GONE);
    goOn(Duration.ofSeconds(1));

    assertThat(replicator.condition().state()).isNotEqualTo(State.HELD);
  }

  private void oneDeletionPasses() throws InterruptedException {
    follow();
    change(GONE);
    goOn(Duration.ofMillis(100));
    isRefused = false;
    goOn(Duration.ofSeconds(10));
    isRefused = true;
  }
}
