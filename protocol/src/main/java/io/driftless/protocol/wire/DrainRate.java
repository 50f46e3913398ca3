package io.driftless.protocol.wire;

/**
 * How fast a queue could empty. Not thread-safe; times are those of one clock.
 *
 * <p>Works in periods of at least 100 ms: each yields the bytes sent and the shares of the time in
 * which something was queued, and in which the queue was full. Where it is full half of the time,
 * what is sent while something is queued is what the wire takes; where it is so less often, those
 * who send may as well be slow, and the wire is taken to be so much faster.
 *
 * <p>While it is never full, any speed is possible, but not at once: a wire that nothing is known
 * of is taken for {@link #FIRST}, and one that is not full becomes faster by and by, as far as what
 * is sent is some proof of it. A few changes now and then prove nothing, and may as well be small.
 * While nothing is sent, nothing is learned: after a pause the wire is taken for what it was.
 */
final class DrainRate {
  private static final long PERIOD_NANOS = 100_000_000;
  private static final double PERIODS_MAX = 20;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Weight of the newest period. */
  private static final double NEWEST = 0.3;

  private static final double FULL_MIN = 0.02;
  private static final double FULL_ENOUGH = 0.5;

  /** So much faster may the wire have become in a period: four times in half a second. */
  private static final double FORGETTING = 1.32;

  /** One that was slow, and took no more since: buffers on the way take much at first. */
  private static final double FORGETTING_SLOW = 1.05;

  /** Bytes a second, as long as nothing is known: worth a codec that is quick and quickly there. */
  static final double FIRST = 200e6;

  /** A wire may be so many times as fast as what goes through it, and no faster; less if slow. */
  private static final double PROVEN = 50;

  private static final double PROVEN_SLOW = 4;

  private static final double SLOWEST = 10e3;

  /** Faster than anything that is sent: no limit at all. */
  private static final double UNLIMITED = 2e9;

  /** What the queue is like. */
  enum Queue {
    EMPTY,
    /** Something is queued. */
    FILLED,
    /** Much is queued, or somebody waits for room. */
    FULL
  }

  private Queue queue = Queue.EMPTY;
  private boolean hasStarted;
  private long periodStart;

  /** Until when the state of the queue is counted. */
  private long countedUntil;

  /** When something was last sent, or queued. */
  private long activeUntil;

  private long filledNanos;
  private long fullNanos;
  private long sentBytes;
  private double averageSent;
  private double averageFilled;
  private double averageFull;
  private double ceiling = FIRST;

  /** The queue is like that from now on. */
  void becomes(Queue next, long now) {
    roll(now);
    count(now);
    queue = next;
  }

  void sent(int bytes, long now) {
    roll(now);
    sentBytes += bytes;
    activeUntil = now;
  }

  /** Infinite where much has gone through without ever filling the queue. */
  double bytesPerSecond(long now) {
    roll(now);
    double rate = Math.max(SLOWEST, Math.min(measured(), ceiling));
    return rate > UNLIMITED ? Double.POSITIVE_INFINITY : rate;
  }

  private double measured() {
    return averageFull < FULL_MIN
        ? Double.POSITIVE_INFINITY
        : averageSent / (Math.min(1, averageFull / FULL_ENOUGH) * averageFilled);
  }

  private void count(long now) {
    long nanos = now - countedUntil;
    countedUntil = now;
    if (queue != Queue.EMPTY) {
      filledNanos += nanos;
      activeUntil = now;
    }
    if (queue == Queue.FULL) {
      fullNanos += nanos;
    }
  }

  private void roll(long now) {
    if (!hasStarted) {
      hasStarted = true;
      periodStart = now;
      countedUntil = now;
      return;
    }
    long elapsed = now - periodStart;
    if (elapsed < PERIOD_NANOS) {
      return;
    }
    count(now);
    // A long period counts as several, so that an old state is soon forgotten.
    double keep = Math.pow(1 - NEWEST, Math.min(PERIODS_MAX, (double) elapsed / PERIOD_NANOS));
    averageFilled = keep * averageFilled + (1 - keep) * filledNanos / elapsed;
    averageFull = keep * averageFull + (1 - keep) * fullNanos / elapsed;
    averageSent = keep * averageSent + (1 - keep) * sentBytes * NANOS_PER_SECOND / elapsed;
    double measured = measured();
    double grown = grown(Math.max(0, activeUntil - periodStart));
    double learned = averageFull < FULL_ENOUGH ? Math.min(grown, measured) : measured;
    ceiling = Math.max(SLOWEST, learned); // from nothing, nothing would ever grow
    filledNanos = 0;
    fullNanos = 0;
    sentBytes = 0;
    periodStart = now;
  }

  private double grown(long activeNanos) {
    boolean isSlow = ceiling < FIRST;
    double growth = isSlow && averageSent < ceiling ? FORGETTING_SLOW : FORGETTING;
    double possible = ceiling * Math.pow(growth, (double) activeNanos / PERIOD_NANOS);
    double believed = (isSlow ? PROVEN_SLOW : PROVEN) * averageSent;
    return Math.min(possible, Math.max(ceiling, believed));
  }
}
