package io.driftless.perf.link;

import java.time.Duration;

/**
 * What a link can do.
 *
 * @param roundTrip half of it is the delay one way
 * @param bitsPerSecond in each direction
 */
public record LinkSpeed(Duration roundTrip, long bitsPerSecond) {
  public static final LinkSpeed FAR = new LinkSpeed(Duration.ofMillis(40), 100_000_000);
  public static final LinkSpeed NEAR = new LinkSpeed(Duration.ofMillis(5), 1_000_000_000);

  public LinkSpeed {
    if (roundTrip.isNegative() || bitsPerSecond <= 0) {
      throw new IllegalArgumentException(
          "not a link: %s, %d bit/s".formatted(roundTrip, bitsPerSecond));
    }
  }

  /** How much of what it can carry in such a time so many bytes are. */
  public double share(long bytes, Duration time) {
    return (double) nanosFor(bytes) / time.toNanos();
  }

  long delayNanos() {
    return roundTrip.toNanos() / 2;
  }

  /** How long it takes to put so many bytes on the wire. */
  long nanosFor(long bytes) {
    return Math.round(bytes * 8e9 / bitsPerSecond);
  }

  /** What the queue in front of it holds: a round trip's worth, as router makers advise. */
  long queueNanos() {
    return roundTrip.toNanos();
  }
}
