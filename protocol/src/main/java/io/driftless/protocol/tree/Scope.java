package io.driftless.protocol.tree;

/**
 * Which names of a directory belong to a slice: all, or those whose hash begins with given bits.
 *
 * @param bits number of leading bits that count, 0 for all names
 * @param prefix the value of these bits, right-aligned
 */
public record Scope(int bits, int prefix) {
  public static final Scope ALL = new Scope(0, 0);
  public static final int MAX_BITS = 24;

  public Scope {
    if (bits < 0 || bits > MAX_BITS) {
      throw new IllegalArgumentException("bits must be in 0..%d: %d".formatted(MAX_BITS, bits));
    }
    if (prefix < 0 || prefix >= 1 << bits) {
      throw new IllegalArgumentException(
          "prefix %d does not fit into %d bits".formatted(prefix, bits));
    }
  }

  /** The one of as many bits that a name with this hash belongs to. */
  public static Scope of(int bits, long nameHash) {
    return bits == 0 ? ALL : new Scope(bits, (int) (nameHash >>> (64 - bits)));
  }

  /** Tells whether a name with this hash belongs to the slice. */
  public boolean contains(long nameHash) {
    return bits == 0 || nameHash >>> (64 - bits) == prefix;
  }

  /** The directory's own metadata belongs to the first of its slices. */
  public boolean holdsDirectoryItself() {
    return prefix == 0;
  }
}
