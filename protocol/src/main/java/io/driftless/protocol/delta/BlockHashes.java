package io.driftless.protocol.delta;

import java.util.Arrays;

/**
 * What travels of the hashes of consecutive blocks of the basis. Immutable.
 *
 * <p>Blocks are cut from the beginning of the range; the last may be short.
 */
public final class BlockHashes {
  private final Range basis;
  private final BlockSize block;
  private final long[] hashes;

  /**
   * @throws IllegalArgumentException where the number of hashes is not that of the blocks
   */
  public BlockHashes(Range basis, BlockSize block, long[] hashes) {
    if (basis.length() > (long) hashes.length * block.bytes()
        || hashes.length != block.count(basis.length())) {
      throw new IllegalArgumentException(
          "%d hashes for %d bytes in blocks of %d"
              .formatted(hashes.length, basis.length(), block.bytes()));
    }
    this.basis = basis;
    this.block = block;
    this.hashes = hashes.clone();
  }

  /** Where in the basis the blocks lie. */
  public Range basis() {
    return basis;
  }

  public BlockSize block() {
    return block;
  }

  public int count() {
    return hashes.length;
  }

  public long hash(int index) {
    return hashes[index];
  }

  /** Where in the basis a block lies. */
  public Range range(int index) {
    long from = basis.from() + (long) index * block.bytes();
    return Range.between(from, Math.min(basis.end(), from + block.bytes()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockHashes that
        && basis.equals(that.basis)
        && block.equals(that.block)
        && Arrays.equals(hashes, that.hashes);
  }

  @Override
  public int hashCode() {
    return 31 * basis.hashCode() + Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return "%d blocks of %d bytes at %d".formatted(count(), block.bytes(), basis.from());
  }
}
