package io.driftless.target.session;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * What changes that were watched have deleted lately: many small deletions are one large one for
 * the guards. By monotonic time; bounded. Thread-safe.
 */
public final class RecentDeletions {
  private static final long SPAN_NANOS = Duration.ofHours(1).toNanos();
  private static final long STEP_NANOS = Duration.ofMinutes(1).toNanos();

  /** Of one minute. */
  private static final class Step {
    final long beganNanos;
    long entries;
    long files;

    Step(long beganNanos) {
      this.beganNanos = beganNanos;
    }
  }

  private final ArrayDeque<Step> steps = new ArrayDeque<>();

  synchronized void add(long entries, long files, long nowNanos) {
    Step last = steps.peekLast();
    if (last == null || nowNanos - last.beganNanos >= STEP_NANOS) {
      last = new Step(nowNanos);
      steps.add(last);
    }
    last.entries += entries;
    last.files += files;
  }

  synchronized Population sum(long nowNanos) {
    while (!steps.isEmpty() && nowNanos - steps.getFirst().beganNanos > SPAN_NANOS) {
      steps.removeFirst();
    }
    return new Population(
        steps.stream().mapToLong(step -> step.entries).sum(),
        steps.stream().mapToLong(step -> step.files).sum());
  }

  /** A pass over everything has gone well: its own guard has looked. */
  public synchronized void clear() {
    steps.clear();
  }
}
