package io.driftless.protocol.delta;

import java.util.Arrays;

/**
 * A window of the basis, signed so that its blocks can be found at any offset. Immutable.
 *
 * <p>Blocks are cut from the beginning of the window; only where the basis ends is the last short.
 */
public final class RollingSignature {
  /** Most blocks that one search looks for. */
  public static final int BLOCKS_MAX = 16 * 1024;

  private final BlockHashes strong;
  private final int[] weak;

  /**
   * @throws IllegalArgumentException with more blocks than {@link #BLOCKS_MAX}, or with as many
   *     weak hashes as there are no strong ones
   */
  public RollingSignature(BlockHashes strong, int[] weak) {
    if (weak.length > BLOCKS_MAX || weak.length != strong.count()) {
      throw new IllegalArgumentException(
          "%d weak hashes for %s, at most %d".formatted(weak.length, strong, BLOCKS_MAX));
    }
    this.strong = strong;
    this.weak = weak.clone();
  }

  public BlockHashes strong() {
    return strong;
  }

  public int weak(int index) {
    return weak[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RollingSignature that
        && strong.equals(that.strong)
        && Arrays.equals(weak, that.weak);
  }

  @Override
  public int hashCode() {
    return strong.hashCode();
  }

  @Override
  public String toString() {
    return "rolling signature of " + strong;
  }
}
