package io.driftless.source.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.Applied;
import io.driftless.source.session.BarrierStatus.Part;
import io.driftless.source.session.BarrierStatus.Verdict;
import io.driftless.source.session.Found;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

final class BarrierProofTest {
  private static final Instant NOW = Instant.parse("2026-11-29T14:00:00Z");
  private static final Problem BUSY = new Problem(TreePath.of("a/db"), Problem.BUSY, "");

  private final Volume volume = new Volume();
  private long nanos = 1_000_000_000;
  private Runnable meanwhile = () -> {};

  /** A volume whose passes end as the test has laid down; where nothing is left, none ends. */
  private static final class Volume implements Provable {
    final Deque<PassReport> reports = new ArrayDeque<>();
    final List<PassRequest> requests = new ArrayList<>();
    State state = State.REPLICATING;
    String reason = "";
    Optional<Instant> pausedUntil = Optional.empty();
    boolean isWatched = true;
    boolean isInDoubt;
    IntConsumer onRequest = _ -> {};
    OptionalLong dirtySince = OptionalLong.empty();

    @Override
    public String name() {
      return "www";
    }

    @Override
    public VolumeStatus status() {
      var replication =
          new ReplicationStatus(
              Optional.of(Duration.ZERO),
              17,
              0,
              0,
              "fanotify",
              "",
              0,
              Optional.empty(),
              pausedUntil);
      return new VolumeStatus(
          "www",
          "/srv/www",
          "new",
          state,
          reason,
          NOW,
          "do it",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          isWatched ? Optional.of(replication) : Optional.empty());
    }

    @Override
    public long request(PassRequest request) {
      requests.add(request);
      onRequest.accept(requests.size());
      return requests.size();
    }

    @Override
    public Optional<PassProgress> progress(long pass) {
      return Optional.of(
          reports.isEmpty()
              ? PassProgress.queued("www", pass, Purpose.SYNC, NOW)
              : PassProgress.ended(reports.remove()));
    }

    @Override
    public boolean isWatched() {
      return isWatched;
    }

    @Override
    public Future<?> drained() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isInDoubt() {
      return isInDoubt;
    }

    @Override
    public OptionalLong dirtySince() {
      return dirtySince;
    }
  }

  private static PassReport report(Outcome outcome, Problem... problems) {
    return new PassReport(
        "www",
        "new",
        1,
        Purpose.SYNC,
        outcome,
        NOW,
        1,
        Found.NOTHING,
        new Applied(0, 0, 0, 0, 0, 0, 0, Deltas.NONE),
        0,
        0,
        problems.length,
        0,
        List.of(problems),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private boolean isStopped;

  private Part prove() throws Exception {
    long deadline = nanos + Duration.ofSeconds(30).toNanos();
    return new BarrierProof(
            volume,
            () -> isStopped,
            deadline,
            () -> nanos,
            length -> {
              nanos += length.toNanos();
              meanwhile.run();
            })
        .run();
  }

  @Test
  void a_pass_without_problems_proves_it() throws Exception {
    volume.reports.add(report(Outcome.DONE));

    assertThat(prove()).extracting(Part::verdict, Part::pass).containsExactly(Verdict.REACHED, 1L);
    assertThat(volume.requests).containsExactly(PassRequest.PLAIN);
  }

  @Test
  void what_was_noticed_before_the_pass_ended_must_be_shipped_too() throws Exception {
    volume.reports.add(report(Outcome.DONE));
    volume.dirtySince = OptionalLong.of(nanos);
    meanwhile = () -> volume.dirtySince = OptionalLong.of(nanos);

    assertThat(prove().verdict()).isEqualTo(Verdict.REACHED);
    assertThat(nanos).isGreaterThan(1_000_000_000);
  }

  @Test
  void what_is_not_shipped_in_time_is_missing() throws Exception {
    volume.reports.add(report(Outcome.DONE));
    volume.dirtySince = OptionalLong.of(nanos);

    assertThat(prove())
        .extracting(Part::verdict, Part::missing)
        .containsExactly(Verdict.LATE, "17 changes are not on the target yet");
  }

  @Test
  void doubt_asks_for_another_pass() throws Exception {
    volume.reports.add(report(Outcome.DONE));
    volume.reports.add(report(Outcome.DONE));
    volume.dirtySince = OptionalLong.of(nanos);
    volume.isInDoubt = true;
    volume.onRequest =
        pass -> {
          if (pass == 2) {
            volume.isInDoubt = false;
            volume.dirtySince = OptionalLong.empty();
          }
        };

    assertThat(prove()).extracting(Part::verdict, Part::pass).containsExactly(Verdict.REACHED, 2L);
  }

  @Test
  void a_busy_file_asks_for_another_pass_until_it_holds_still() throws Exception {
    volume.reports.add(report(Outcome.PROBLEMS, BUSY));
    volume.reports.add(report(Outcome.PROBLEMS, BUSY));
    volume.reports.add(report(Outcome.DONE));

    assertThat(prove()).extracting(Part::verdict, Part::pass).containsExactly(Verdict.REACHED, 3L);
  }

  @Test
  void a_file_that_never_holds_still_is_named() throws Exception {
    volume.reports.add(report(Outcome.PROBLEMS, BUSY));

    Part part = prove();

    assertThat(part)
        .extracting(Part::verdict, Part::missing)
        .containsExactly(Verdict.LATE, "1 file does not hold still, e.g. a/db");
    assertThat(part.problems()).containsExactly(BUSY);
  }

  @Test
  void another_problem_is_in_the_way_at_once() throws Exception {
    volume.reports.add(
        report(Outcome.PROBLEMS, BUSY, new Problem(TreePath.of("x"), "unreadable", "EIO")));

    assertThat(prove())
        .extracting(Part::verdict, Part::missing)
        .containsExactly(Verdict.PROBLEMS, "pass 1 could not carry everything: 2 problems");
  }

  @Test
  void where_somebody_must_decide_nobody_waits() throws Exception {
    volume.pausedUntil = Optional.of(Instant.MAX);
    assertThat(prove())
        .extracting(Part::verdict, Part::missing, Part::next)
        .containsExactly(Verdict.REFUSED, "is paused until it is resumed", "driftless resume www");
    volume.pausedUntil = Optional.empty();
    volume.state = State.HELD;
    volume.reason = "312 entries would vanish";
    assertThat(prove())
        .extracting(Part::verdict, Part::missing, Part::next)
        .containsExactly(Verdict.REFUSED, "is held: 312 entries would vanish", "do it");
    assertThat(volume.requests).isEmpty();
  }

  @Test
  void a_pause_meanwhile_ends_the_wait() throws Exception {
    volume.reports.add(report(Outcome.DONE));
    volume.dirtySince = OptionalLong.of(nanos);
    meanwhile = () -> volume.pausedUntil = Optional.of(Instant.MAX);

    assertThat(prove().verdict()).isEqualTo(Verdict.REFUSED);
  }

  @Test
  void a_pass_that_does_not_end_in_time_says_why() throws Exception {
    assertThat(prove().missing()).isEqualTo("pass 1, which would prove it, waits for another");
    volume.state = State.DISCONNECTED;
    volume.reason = "connection refused";
    assertThat(prove().missing()).isEqualTo("the target is not connected: connection refused");
  }

  @Test
  void where_nothing_is_watched_the_pass_alone_proves_it() throws Exception {
    volume.isWatched = false;
    volume.state = State.HELD;
    volume.dirtySince = OptionalLong.of(nanos);
    volume.reports.add(report(Outcome.DONE));

    assertThat(prove().verdict()).isEqualTo(Verdict.REACHED);
  }
}
