package io.driftless.target.session;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * What a volume has lately lost by changes that were watched: many small deletions are one large
 * one for the guards. What was made since makes up for it, or a directory through which files come
 * and go would be held after a while. By monotonic time; bounded. Thread-safe.
 */
public final class RecentLosses {
  private static final long SPAN_NANOS = Duration.ofHours(1).toNanos();
  private static final long STEP_NANOS = Duration.ofMinutes(1).toNanos();

  /** Of one minute. */
  private static final class Step {
    final long beganNanos;
    long entries;

    Step(long beganNanos) {
      this.beganNanos = beganNanos;
    }
  }

  private final ArrayDeque<Step> steps = new ArrayDeque<>();

  synchronized void add(long deleted, long made, long nowNanos) {
    Step last = steps.peekLast();
    if (last == null || nowNanos - last.beganNanos >= STEP_NANOS) {
      last = new Step(nowNanos);
      steps.add(last);
    }
    last.entries += deleted - made;
  }

  /**
   * How many entries are missing of what there was an hour ago, or at the last pass over
   * everything.
   */
  synchronized long sum(long nowNanos) {
    while (!steps.isEmpty() && nowNanos - steps.getFirst().beganNanos > SPAN_NANOS) {
      steps.removeFirst();
    }
    return Math.max(0, steps.stream().mapToLong(step -> step.entries).sum());
  }

  /** A pass over the whole volume has gone well: its own guard has looked. */
  public synchronized void clear() {
    steps.clear();
  }
}
