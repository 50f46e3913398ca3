package io.driftless.protocol.pace;

import java.util.OptionalLong;

/**
 * How much may flow in a second, in whatever unit.
 *
 * @param perSecond 0 lets nothing through; {@link Long#MAX_VALUE} is no limit
 */
public record Limit(long perSecond) implements Comparable<Limit> {
  public static final Limit UNLIMITED = new Limit(Long.MAX_VALUE);
  public static final Limit NOTHING = new Limit(0);

  /** A limit that is not negative. */
  public Limit {
    if (perSecond < 0) {
      throw new IllegalArgumentException("a limit of %d a second".formatted(perSecond));
    }
  }

  public static Limit of(OptionalLong perSecond) {
    return perSecond.isPresent() ? new Limit(perSecond.getAsLong()) : UNLIMITED;
  }

  public boolean isUnlimited() {
    return perSecond == Long.MAX_VALUE;
  }

  /** Empty if there is none. */
  public OptionalLong asOptional() {
    return isUnlimited() ? OptionalLong.empty() : OptionalLong.of(perSecond);
  }

  public Limit min(Limit other) {
    return compareTo(other) <= 0 ? this : other;
  }

  @Override
  public int compareTo(Limit other) {
    return Long.compare(perSecond, other.perSecond);
  }
}
