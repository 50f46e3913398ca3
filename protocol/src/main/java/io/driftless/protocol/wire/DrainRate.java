package io.driftless.protocol.wire;

/**
 * How fast a queue could empty. Not thread-safe; times are those of one clock.
 *
 * <p>Works in periods of at least 100 ms: each yields the bytes sent and the share of the time in
 * which somebody waited for room. While somebody always waits, what is sent is what the wire takes;
 * while somebody waits half of the time, the wire is taken to be up to twice as fast; while nobody
 * waits, any speed is possible.
 *
 * <p>Possible, but not at once: where buffers behind the queue take all that the peer has asked
 * for, hardly anybody waits though the wire is full. So a speed that was measured while somebody
 * waited most of the time is forgotten by and by, unless more is sent.
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

  /** Faster than anything that is sent: no limit at all. */
  private static final double UNLIMITED = 2e9;

  private boolean isWaiting;
  private long waitingSince;
  private long periodStart;
  private boolean hasStarted;
  private long waitedNanos;
  private long sentBytes;
  private double averageSent;
  private double averageWaiting;
  private double ceiling = Double.POSITIVE_INFINITY;

  void waitingBegins(long now) {
    roll(now);
    isWaiting = true;
    waitingSince = now;
  }

  void waitingEnds(long now) {
    roll(now);
    waitedNanos += now - waitingSince;
    isWaiting = false;
  }

  void sent(int bytes, long now) {
    roll(now);
    sentBytes += bytes;
  }

  /** Infinite while what is offered goes through without waiting. */
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
    }
    // A long period counts as several, so that an old state is soon forgotten.
    double keep = Math.pow(1 - NEWEST, Math.min(PERIODS_MAX, (double) elapsed / PERIOD_NANOS));
    averageWaiting = keep * averageWaiting + (1 - keep) * waitedNanos / elapsed;
    averageSent = keep * averageSent + (1 - keep) * sentBytes * NANOS_PER_SECOND / elapsed;
    double grown = ceiling * Math.pow(FORGETTING, (double) elapsed / PERIOD_NANOS);
    ceiling = averageWaiting < WAITING_ENOUGH ? Math.max(averageSent, grown) : measured();
    waitedNanos = 0;
    sentBytes = 0;
    periodStart = now;
  }
}
