package io.driftless.protocol.tree;

/**
 * A 128-bit digest of a set of entries: the sum of the hashes of its members, so that it can be
 * built in any order, and two halves can be added.
 *
 * @param high upper 64 bits
 * @param low lower 64 bits
 */
public record Digest(long high, long low) {
  public static final Digest EMPTY = new Digest(0, 0);

  public Digest plus(Digest other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Digest(high + other.high + carry, sum);
  }

  /** The sum of which the other one is a part, without it. */
  public Digest minus(Digest other) {
    long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return new Digest(high - other.high - borrow, low - other.low);
  }

  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}
