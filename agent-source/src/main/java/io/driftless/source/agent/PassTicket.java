package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassProgress.Phase;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.PassRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A pass that somebody asked for, from the request to the report. Thread-safe. */
final class PassTicket {
  private final String volume;
  private final long pass;
  private final PassRequest request;
  private final Instant startedAt;
  private final long startedNanos = System.nanoTime();
  private @Nullable PassRun attempt;
  private @Nullable PassReport report;
  private boolean cancelled;
  private boolean personWaits;
  private boolean alone;

  PassTicket(String volume, long pass, PassRequest request, Instant startedAt) {
    this.volume = volume;
    this.pass = pass;
    this.request = request;
    this.startedAt = startedAt;
  }

  long pass() {
    return pass;
  }

  PassRequest request() {
    return request;
  }

  Instant startedAt() {
    return startedAt;
  }

  /** For how long, however the wall clock was set meanwhile. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  boolean isVerification() {
    return request.effect() == Effect.VERIFY;
  }

  /** It is not tried beside other passes again. */
  synchronized void goAlone() {
    alone = true;
  }

  synchronized boolean mayGoAside() {
    return isVerification() && !alone && !cancelled;
  }

  /** Takes up a new attempt; returns false if the pass has been cancelled meanwhile. */
  synchronized boolean begin(PassRun next) {
    attempt = next;
    return !cancelled;
  }

  /** Somebody asked for it, so that it runs whatever the agent would do by itself. */
  synchronized void personWaits() {
    personWaits = true;
  }

  /** Cancels a pass that only the agent itself wanted. */
  synchronized void cancelUnlessAskedFor() {
    if (!personWaits) {
      cancel();
    }
  }

  synchronized void cancel() {
    cancelled = true;
    stopAttempt();
  }

  /** The attempt comes to nothing; the next may. */
  synchronized void stopAttempt() {
    if (attempt != null) {
      attempt.cancel();
    }
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized void end(PassReport ended) {
    report = ended;
    notifyAll();
  }

  /** Waits for the report, but no longer than that. */
  synchronized void awaitEnd(Duration atMost) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + atMost.toNanos();
    long left = atMost.toNanos();
    while (report == null && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadlineNanos - System.nanoTime();
    }
  }

  synchronized PassProgress progress() {
    PassProgress current =
        attempt == null
            ? PassProgress.queued(volume, pass, Purpose.of(request), startedAt)
            : attempt.progress();
    return new PassProgress(
        volume,
        pass,
        current.purpose(),
        report == null ? current.phase() : Phase.FINISHED,
        startedAt,
        current.found(),
        current.entriesDone(),
        current.bytesDone(),
        current.literalBytes(),
        current.wireBytes(),
        current.problems(),
        current.blocked(),
        Optional.ofNullable(report));
  }
}
