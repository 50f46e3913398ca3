package io.driftless.cli.screen;

import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Tells how fast a pass goes from how far it had come at earlier moments. Of one thread. */
final class ProgressMeter {
  private static final Duration REMEMBERED = Duration.ofSeconds(60);
  private static final Duration RATE_OVER = Duration.ofSeconds(5);
  private static final Duration GUESS_AFTER = Duration.ofSeconds(10);
  private static final Duration GUESS_MAX = Duration.ofDays(30);

  /** What an entry costs besides its content, in bytes, so that both make one measure of work. */
  private static final long ENTRY_BYTES = 4096;

  private record Sample(Instant at, long wireBytes, long bytesDone, long work) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  void add(Instant now, PassProgress progress) {
    if (!samples.isEmpty() && progress.wireBytes() < samples.getLast().wireBytes()) {
      samples.clear(); // it was cut, and goes through everything anew
    }
    samples.addLast(
        new Sample(now, progress.wireBytes(), progress.bytesDone(), workDone(progress)));
    while (samples.size() > 2 && samples.getFirst().at().isBefore(now.minus(REMEMBERED))) {
      samples.removeFirst();
    }
  }

  /** Bits a second on the wire lately; empty before there were two moments. */
  Optional<Double> bitsPerSecond() {
    return perSecond(Sample::wireBytes).map(bytes -> 8 * bytes);
  }

  /** Bytes a second that were dealt with lately; as empty. */
  Optional<Double> bytesDonePerSecond() {
    return perSecond(Sample::bytesDone);
  }

  private Optional<Double> perSecond(ToLongFunction<Sample> count) {
    if (samples.size() < 2) {
      return Optional.empty();
    }
    Sample last = samples.getLast();
    Sample first = samples.getFirst();
    for (Sample sample : samples) {
      if (sample.at().isAfter(last.at().minus(RATE_OVER))) {
        break;
      }
      first = sample;
    }
    double seconds = seconds(first, last);
    return seconds <= 0
        ? Optional.empty()
        : Optional.of((count.applyAsLong(last) - count.applyAsLong(first)) / seconds);
  }

  /** Share of the work that is done, in percent; empty while not all of it is known. */
  static Optional<Integer> percent(PassProgress progress) {
    long total = workFound(progress);
    boolean known =
        progress.phase() == PassProgress.Phase.TRANSFERRING
            || progress.phase() == PassProgress.Phase.LINKING;
    return known && total > 0
        ? Optional.of((int) Math.min(99, 100.0 * workDone(progress) / total))
        : Optional.empty();
  }

  /** How long it will still take; empty while that can't be said. */
  Optional<Duration> remaining(PassProgress progress) {
    if (percent(progress).isEmpty() || samples.size() < 2) {
      return Optional.empty();
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double perSecond = (last.work() - first.work()) / seconds(first, last);
    double left = Math.max(0, workFound(progress) - workDone(progress)) / perSecond;
    boolean measured = Duration.between(first.at(), last.at()).compareTo(GUESS_AFTER) >= 0;
    return measured && perSecond > 0 && left <= GUESS_MAX.toSeconds()
        ? Optional.of(Duration.ofSeconds(Math.round(left)))
        : Optional.empty();
  }

  private static double seconds(Sample first, Sample last) {
    return Duration.between(first.at(), last.at()).toMillis() / 1000.0;
  }

  private static long workDone(PassProgress progress) {
    return (isAboutContent(progress) ? progress.bytesDone() : 0)
        + ENTRY_BYTES * progress.entriesDone();
  }

  private static long workFound(PassProgress progress) {
    return (isAboutContent(progress) ? progress.found().bytes() : 0)
        + ENTRY_BYTES * progress.found().entries();
  }

  /** A verification that only looks at metadata takes no longer for large files. */
  private static boolean isAboutContent(PassProgress progress) {
    return progress.purpose() != Purpose.VERIFY;
  }
}
