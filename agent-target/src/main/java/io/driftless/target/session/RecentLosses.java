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

  /** Entries that have become more since the last pass over everything; less if negative. */
  private long grown;

  synchronized void add(long deleted, long made, long nowNanos) {
    Step last = steps.peekLast();
    if (last == null || nowNanos - last.beganNanos >= STEP_NANOS) {
      last = new Step(nowNanos);
      steps.add(last);
    }
    last.entries += deleted - made;
    grown += made - deleted;
  }

  /**
   * What there is to hold against the next deletions.
   *
   * @param lost entries that are missing of what there was an hour ago, or at the last pass over
   *     everything
   * @param made entries that have become more within the last minute: what is renamed again and
   *     again comes under its new name before the old one goes
   * @param grown entries that have become more since the last pass over everything
   */
  record Sum(long lost, long made, long grown) {}

  synchronized Sum sum(long nowNanos) {
    while (!steps.isEmpty() && nowNanos - steps.getFirst().beganNanos > SPAN_NANOS) {
      steps.removeFirst();
    }
    Step last = steps.peekLast();
    long made =
        last == null || nowNanos - last.beganNanos >= STEP_NANOS ? 0 : Math.max(0, -last.entries);
    long all = steps.stream().mapToLong(step -> step.entries).sum();
    long surplus = Math.clamp(-all, 0, made);
    return new Sum(Math.max(0, all), surplus, Math.max(0, grown));
  }

  /**
   * A pass over the whole volume has gone well: its own guard has looked. What was renamed while it
   * went on may be there under both names, and go under the old one within the next minute.
   *
   * @param made entries that were new in the pass
   */
  public synchronized void passed(long made, long nowNanos) {
    long again = sum(nowNanos).made() + made;
    steps.clear();
    grown = 0;
    if (again > 0) {
      var step = new Step(nowNanos);
      step.entries = -again;
      steps.add(step);
    }
  }
}
