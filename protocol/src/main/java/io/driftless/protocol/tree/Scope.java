package io.driftless.protocol.tree;

/**
 * Which names of a directory belong to a slice: all, those whose hash begins with given bits, or
 * those that its listing names and no others.
 *
 * @param bits number of leading bits that count, 0 for all names
 * @param prefix the value of these bits, right-aligned
 */
public record Scope(int bits, int prefix) {
  private static final int NO_BITS = -1;

  public static final Scope ALL = new Scope(0, 0);

  /** What its listing names: what it leaves out may be there or not. */
  public static final Scope NAMED = new Scope(NO_BITS, 0);

  public static final int MAX_BITS = 24;

  public Scope {
    boolean isNamed = bits == NO_BITS && prefix == 0;
    if (!isNamed && (bits < 0 || bits > MAX_BITS)) {
      throw new IllegalArgumentException("bits must be in 0..%d: %d".formatted(MAX_BITS, bits));
    }
    if (!isNamed && (prefix < 0 || prefix >= 1 << bits)) {
      throw new IllegalArgumentException(
          "prefix %d does not fit into %d bits".formatted(prefix, bits));
    }
  }

  /** The one of as many bits that a name with this hash belongs to. */
  public static Scope of(int bits, long nameHash) {
    return bits == 0 ? ALL : new Scope(bits, (int) (nameHash >>> (64 - bits)));
  }

  /** Tells whether the listing alone says which names belong to the slice. */
  public boolean isNamed() {
    return bits == NO_BITS;
  }

  /** Tells whether a name with this hash may belong to the slice. */
  public boolean contains(long nameHash) {
    return bits <= 0 || nameHash >>> (64 - bits) == prefix;
  }

  /** The directory's own metadata belongs to the first of its slices. */
  public boolean holdsDirectoryItself() {
    return prefix == 0;
  }
}
