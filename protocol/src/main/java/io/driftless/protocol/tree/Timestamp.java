package io.driftless.protocol.tree;

/**
 * A moment as a file system keeps it: seconds since 1970 (negative before it) and nanoseconds.
 *
 * @param seconds any 64-bit number
 * @param nanos 0 to 999 999 999, always forward from {@code seconds}
 */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
  public static final Timestamp EPOCH = new Timestamp(0, 0);

  public Timestamp {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("nanos must be in 0..999999999: " + nanos);
    }
  }

  public Timestamp minusSeconds(long less) {
    return new Timestamp(Math.subtractExact(seconds, less), nanos);
  }

  @Override
  public int compareTo(Timestamp other) {
    int bySeconds = Long.compare(seconds, other.seconds);
    return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
  }
}
