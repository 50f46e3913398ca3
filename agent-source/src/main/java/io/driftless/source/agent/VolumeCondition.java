package io.driftless.source.agent;

import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.VolumeStatus.State;
import java.time.Instant;
import java.time.InstantSource;

/** What there is to say of a volume: its state, why, since when, and what happens next. */
final class VolumeCondition {
  private final String volume;
  private final InstantSource clock;
  private volatile Shown now;

  VolumeCondition(String volume, InstantSource clock) {
    this.volume = volume;
    this.clock = clock;
    this.now = new Shown(State.NEW, "never seeded", clock.instant(), "driftless seed " + volume);
  }

  /** What is shown. */
  record Shown(State state, String reason, Instant since, String next) {
    Shown queued(String why) {
      return new Shown(State.QUEUED, why, since, "begins by itself");
    }

    Shown blocked(String why) {
      return new Shown(State.BLOCKED, why, since, "looks again every 10 s and goes on by itself");
    }
  }

  Shown now() {
    return now;
  }

  /** Takes up what was shown before. */
  void again(Shown before) {
    now = before;
  }

  void become(State state, String reason, String next) {
    Shown before = now;
    if (before.state() != state || !before.reason().equals(reason)) {
      Instant since = before.state() == state ? before.since() : clock.instant();
      now = new Shown(state, reason, since, next);
    }
  }

  /** Takes up how the last pass has ended. */
  void ended(PassReport report) {
    switch (report.outcome()) {
      case DONE, PROBLEMS, CANCELLED ->
          become(
              State.PAUSED,
              "replication is off; pass %d %s"
                  .formatted(
                      report.pass(),
                      report.outcome() == Outcome.CANCELLED ? "was cancelled" : "ended"),
              "driftless sync " + volume);
      case REFUSED -> {
        become(
            State.HELD,
            report.guard().map(Guard::message).orElse("refused"),
            report.guard().map(Guard::continueWith).orElse(""));
        noticeRelease(report);
      }
      case FAILED ->
          become(
              State.ERROR,
              report.error().map(Failure::message).orElse("failed"),
              report.error().map(Failure::hint).orElse(""));
    }
  }

  /** Where the target took the right to write away, from this agent and all others. */
  void noticeRelease(PassReport report) {
    report
        .guard()
        .filter(guard -> guard.slug().equals(Guard.RELEASED))
        .ifPresent(guard -> become(State.RELEASED, guard.message(), guard.continueWith()));
  }

  Shown paused(Instant since, Instant until) {
    return new Shown(
        State.PAUSED,
        until.equals(Instant.MAX) ? "paused until it is resumed" : "paused until " + until,
        since,
        "driftless resume " + volume);
  }
}
