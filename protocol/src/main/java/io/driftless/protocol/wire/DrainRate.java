package io.driftless.protocol.wire;

/**
 * How fast a queue could empty. Not thread-safe; times are those of one clock.
 *
 * <p>Works in periods of at least 100 ms: each yields the bytes sent and the share of the time in
 * which somebody waited for room. While somebody always waits, what is sent is what the wire takes;
 * while somebody waits half of the time, the wire is taken to be up to twice as fast.
 *
 * <p>While nobody waits, any speed is possible, but not at once: a wire that nothing is known of is
 * taken for {@link #FIRST}, and one that is not full becomes faster by and by, as far as what is
 * sent is some proof of it. A few changes now and then prove nothing, and may as well be small.
 * While nothing is sent, nothing is learned: after a pause the wire is taken for what it was.
 */
final class DrainRate {
  private static final long PERIOD_NANOS = 100_000_000;
  private static final double PERIODS_MAX = 20;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Weight of the newest period. */
  private static final double NEWEST = 0.3;

  private static final double WAITING_MIN = 0.02;
  private static final double WAITING_ENOUGH = 0.5;

  /** So much faster may the wire have become in a period: four times in half a second. */
  private static final double FORGETTING = 1.32;

  /** Bytes a second, as long as nothing is known: worth a codec that is quick and quickly there. */
  static final double FIRST = 200e6;

  /** A wire may be so many times as fast as what goes through it, and no faster. */
  private static final double PROVEN = 50;

  /** Faster than anything that is sent: no limit at all. */
  private static final double UNLIMITED = 2e9;

  private boolean isWaiting;
  private long waitingSince;
  private long periodStart;

  /** When something was last sent, or somebody waited. */
  private long activeUntil;

  private boolean hasStarted;
  private long waitedNanos;
  private long sentBytes;
  private double averageSent;
  private double averageWaiting;
  private double ceiling = FIRST;

  void waitingBegins(long now) {
    roll(now);
    isWaiting = true;
    waitingSince = now;
    activeUntil = now;
  }

  void waitingEnds(long now) {
    roll(now);
    waitedNanos += now - waitingSince;
    isWaiting = false;
    activeUntil = now;
  }

  void sent(int bytes, long now) {
    roll(now);
    sentBytes += bytes;
    activeUntil = now;
  }

  /** Infinite where much has gone through without waiting. */
  double bytesPerSecond(long now) {
    roll(now);
    double rate = Math.min(measured(), ceiling);
    return rate > UNLIMITED ? Double.POSITIVE_INFINITY : rate;
  }

  private double measured() {
    return averageWaiting < WAITING_MIN
        ? Double.POSITIVE_INFINITY
        : averageSent / Math.min(1, averageWaiting);
  }

  private void roll(long now) {
    if (!hasStarted) {
      hasStarted = true;
      periodStart = now;
      return;
    }
    long elapsed = now - periodStart;
    if (elapsed < PERIOD_NANOS) {
      return;
    }
    if (isWaiting) {
      waitedNanos += now - waitingSince;
      waitingSince = now;
      activeUntil = now;
    }
    // A long period counts as several, so that an old state is soon forgotten.
    double keep = Math.pow(1 - NEWEST, Math.min(PERIODS_MAX, (double) elapsed / PERIOD_NANOS));
    averageWaiting = keep * averageWaiting + (1 - keep) * waitedNanos / elapsed;
    averageSent = keep * averageSent + (1 - keep) * sentBytes * NANOS_PER_SECOND / elapsed;
    long active = Math.max(0, activeUntil - periodStart);
    ceiling = averageWaiting < WAITING_ENOUGH ? grown(active) : measured();
    waitedNanos = 0;
    sentBytes = 0;
    periodStart = now;
  }

  private double grown(long activeNanos) {
    double possible = ceiling * Math.pow(FORGETTING, (double) activeNanos / PERIOD_NANOS);
    double believed = Math.max(FIRST, PROVEN * averageSent);
    return Math.max(averageSent, Math.min(possible, Math.max(ceiling, believed)));
  }
}
