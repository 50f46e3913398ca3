package io.driftless.source.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: 1 to 2 s at first, twice as long each time, 30 to 60 s
 * at most; half is left to chance so that many agents don't knock at once. Confined to one thread.
 */
final class BackOff {
  private static final long FIRST_MILLIS = 2_000;
  private static final long MAX_MILLIS = 60_000;

  private final RandomGenerator random;
  private long nextMillis = FIRST_MILLIS;

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long millis = nextMillis / 2 + random.nextLong(nextMillis / 2 + 1);
    nextMillis = Math.min(nextMillis * 2, MAX_MILLIS);
    return Duration.ofMillis(millis);
  }

  void reset() {
    nextMillis = FIRST_MILLIS;
  }
}
