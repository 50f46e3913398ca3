package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.BarrierStatus.Part;
import io.driftless.source.session.BarrierStatus.Verdict;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Proves that everything from before now is on the target of one volume. Of one thread, which
 * waits.
 *
 * <p>A pass that begins after the moment and ends without problems has compared every entry as it
 * was at the moment or later, with what the kernel still held back written out before. What such a
 * walk can miss is an entry that is renamed meanwhile, from where the walk has not been to where it
 * was already. Where changes are noticed, that rename is one: so what was noticed until the end of
 * the pass must have been shipped, too. A file that did not hold still asks for another pass.
 */
final class BarrierProof {
  private static final int PROBLEMS_SHOWN_MAX = 10;
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration BUSY_DELAY = Duration.ofMillis(300);

  private final Provable volume;
  private final BooleanSupplier isStopped;
  private final long deadline;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private long pass;
  private List<Problem> busy = List.of();

  /** Waits a while. */
  @FunctionalInterface
  interface Pause {
    void pause(Duration length) throws InterruptedException;
  }

  /** The time is over. */
  private static final class LateException extends Exception {
    private static final long serialVersionUID = 1;

    LateException(String missing) {
      super(missing);
    }
  }

  /**
   * A proof that has not begun.
   *
   * @param isStopped whether nothing may be sent
   * @param deadline in the nanoseconds of the clock
   */
  BarrierProof(
      Provable volume,
      BooleanSupplier isStopped,
      long deadline,
      LongSupplier nanoTime,
      Pause pause) {
    this.volume = volume;
    this.isStopped = isStopped;
    this.deadline = deadline;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /** Returns when it is proven, or can't be. */
  Part run() throws InterruptedException, IOException {
    try {
      while (true) {
        Optional<Part> hopeless = hopeless();
        Optional<Part> end = hopeless.isPresent() ? hopeless : attempt();
        if (end.isPresent()) {
          return end.get();
        }
      }
    } catch (LateException e) {
      return part(
          Verdict.LATE,
          String.valueOf(e.getMessage()),
          "driftless status %s shows how it goes on; --timeout gives it longer"
              .formatted(volume.name()),
          busy);
    }
  }

  /** Where waiting can't help, as somebody must decide. */
  private Optional<Part> hopeless() {
    if (isStopped.getAsBoolean()) {
      return Optional.of(
          refused("is not sent anything: the throttle is at 0", "driftless throttle shows why"));
    }
    VolumeStatus status = volume.status();
    Optional<Instant> pausedUntil = status.replication().flatMap(ReplicationStatus::pausedUntil);
    if (pausedUntil.isPresent()) {
      String until =
          pausedUntil.get().equals(Instant.MAX)
              ? "until it is resumed"
              : "until " + pausedUntil.get();
      return Optional.of(refused("is paused " + until, "driftless resume " + volume.name()));
    }
    boolean isHeld = status.state() == State.HELD && status.replication().isPresent();
    if (isHeld || status.state() == State.RELEASED) {
      String word = status.state().name().toLowerCase(Locale.ROOT);
      return Optional.of(refused("is %s: %s".formatted(word, status.reason()), status.next()));
    }
    return Optional.empty();
  }

  private Part refused(String missing, String next) {
    return part(Verdict.REFUSED, missing, next, List.of());
  }

  /** One pass and what follows from it; empty where another one is needed. */
  private Optional<Part> attempt() throws InterruptedException, IOException, LateException {
    pass = volume.request(PassRequest.PLAIN);
    PassReport report = awaitPass();
    return switch (report.outcome()) {
      case DONE -> settled();
      case PROBLEMS -> problems(report);
      case CANCELLED ->
          Optional.of(
              part(
                  Verdict.CANCELLED,
                  "pass %d was cancelled".formatted(pass),
                  "ask again",
                  List.of()));
      case REFUSED ->
          Optional.of(
              refused(
                  report.guard().map(Guard::message).orElse("a guard refused"),
                  report.guard().map(Guard::continueWith).orElse("")));
      case FAILED ->
          Optional.of(
              part(
                  Verdict.FAILED,
                  "pass %d failed: %s"
                      .formatted(pass, report.error().map(Failure::message).orElse("")),
                  report.error().map(Failure::hint).orElse(""),
                  List.of()));
    };
  }

  private PassReport awaitPass() throws InterruptedException, IOException, LateException {
    while (true) {
      Optional<PassProgress> progress = volume.progress(pass);
      Optional<PassReport> report = progress.flatMap(PassProgress::report);
      if (report.isPresent()) {
        return report.get();
      }
      if (isOver()) {
        throw new LateException(unended(progress));
      }
      pause.pause(POLL);
    }
  }

  private String unended(Optional<PassProgress> progress) {
    VolumeStatus status = volume.status();
    if (status.state() == State.DISCONNECTED) {
      return "the target is not connected: " + status.reason();
    }
    if (!busy.isEmpty()) {
      return busyFiles();
    }
    boolean isQueued = progress.filter(now -> now.phase() != PassProgress.Phase.QUEUED).isEmpty();
    return isQueued
        ? "pass %d, which would prove it, waits for another".formatted(pass)
        : "pass %d, which would prove it, has not ended (%s)"
            .formatted(
                pass, progress.map(now -> now.phase().name().toLowerCase(Locale.ROOT)).orElse(""));
  }

  private String busyFiles() {
    return "%d %s not hold still, e.g. %s"
        .formatted(
            busy.size(),
            busy.size() == 1 ? "file does" : "files do",
            Escaped.display(busy.getFirst().path().toString()));
  }

  private Optional<Part> problems(PassReport report) throws InterruptedException, LateException {
    boolean onlyBusy =
        report.problemsTotal() == report.problems().size()
            && report.problems().stream()
                .allMatch(problem -> problem.reason().equals(Problem.BUSY));
    if (!onlyBusy) {
      return Optional.of(
          part(
              Verdict.PROBLEMS,
              "pass %d could not carry everything: %d %s"
                  .formatted(
                      pass,
                      report.problemsTotal(),
                      report.problemsTotal() == 1 ? "problem" : "problems"),
              "driftless problems " + volume.name(),
              report.problems()));
    }
    busy = report.problems();
    if (isOver()) {
      throw new LateException(busyFiles());
    }
    pause.pause(BUSY_DELAY);
    return Optional.empty();
  }

  /** Waits until what was noticed up to now has been shipped; empty where doubt has come up. */
  private Optional<Part> settled() throws InterruptedException, LateException {
    busy = List.of();
    if (volume.isWatched()) {
      awaitDrained(volume.drained());
      long noticed = nanoTime.getAsLong();
      while (isDirtySince(noticed)) {
        if (volume.isInDoubt()) {
          return Optional.empty();
        }
        Optional<Part> hopeless = hopeless();
        if (hopeless.isPresent()) {
          return hopeless;
        }
        if (isOver()) {
          throw new LateException("%d changes are not on the target yet".formatted(dirtyEntries()));
        }
        pause.pause(POLL);
      }
    }
    return Optional.of(part(Verdict.REACHED, "", "", List.of()));
  }

  private boolean isDirtySince(long noticed) {
    OptionalLong since = volume.dirtySince();
    return since.isPresent() && since.getAsLong() - noticed <= 0;
  }

  private long dirtyEntries() {
    return volume.status().replication().map(ReplicationStatus::dirtyEntries).orElse(0L);
  }

  private void awaitDrained(Future<?> drained) throws InterruptedException, LateException {
    try {
      drained.get(Math.max(0, deadline - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new LateException("changes come faster than they are taken note of");
    } catch (ExecutionException | CancellationException e) {
      throw new LateException("the agent stops");
    }
  }

  private boolean isOver() {
    return nanoTime.getAsLong() - deadline >= 0;
  }

  private Part part(Verdict verdict, String missing, String next, List<Problem> problems) {
    List<Problem> shown = problems.stream().limit(PROBLEMS_SHOWN_MAX).toList();
    return new Part(volume.name(), verdict, missing, next, pass, shown);
  }
}
