package io.driftless.protocol.wire;

/**
 * How fast a queue empties while somebody waits for room in it. While nobody does, the speed of the
 * drain says nothing but that it suffices. Not thread-safe; times are those of one clock.
 *
 * <p>Works in periods of about 100 ms: each yields the bytes sent and the share of the time in
 * which somebody waited.
 */
final class DrainRate {
  private static final long PERIOD_NANOS = 100_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Weight of the newest period. */
  private static final double NEWEST = 0.3;

  /** Below this share of waiting, the wire is not what holds things up. */
  private static final double WAITING_MIN = 0.5;

  private boolean isWaiting;
  private long waitingSince;
  private long periodStart;
  private boolean hasStarted;
  private long waitedNanos;
  private long sentBytes;
  private double averageBytesPerSecond;
  private double averageWaiting;

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

  /** Infinite while what was offered lately went through without much waiting. */
  double bytesPerSecond(long now) {
    roll(now);
    return averageWaiting < WAITING_MIN || averageBytesPerSecond <= 0
        ? Double.POSITIVE_INFINITY
        : averageBytesPerSecond;
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
    // A long period counts as several: an old state is soon forgotten.
    double keep = Math.pow(1 - NEWEST, Math.min(20.0, (double) elapsed / PERIOD_NANOS));
    averageWaiting = keep * averageWaiting + (1 - keep) * waitedNanos / elapsed;
    if (waitedNanos > 0) {
      double rate = sentBytes * NANOS_PER_SECOND / elapsed;
      averageBytesPerSecond =
          averageBytesPerSecond == 0 ? rate : keep * averageBytesPerSecond + (1 - keep) * rate;
    }
    waitedNanos = 0;
    sentBytes = 0;
    periodStart = now;
  }
}
