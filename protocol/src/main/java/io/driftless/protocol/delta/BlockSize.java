package io.driftless.protocol.delta;

/**
 * The size of a block: a power of two, so that matches keep the alignment of file-system blocks.
 *
 * @param bytes from {@link #LEAF_BYTES} to {@link #BYTES_MAX}
 */
public record BlockSize(int bytes) {
  /** The smallest block, and what every block is hashed by: see {@link StrongHash}. */
  public static final int LEAF_BYTES = 4096;

  public static final int BYTES_MAX = 1024 * 1024;

  /** The smallest block. */
  public static final BlockSize LEAF = new BlockSize(LEAF_BYTES);

  public BlockSize {
    if (bytes < LEAF_BYTES || bytes > BYTES_MAX || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(
          "a block must be a power of two in %d..%d: %d".formatted(LEAF_BYTES, BYTES_MAX, bytes));
    }
  }

  /** The blocks a file of this size is first compared by: about its square root. */
  public static BlockSize forFile(long fileBytes) {
    int bytes = LEAF_BYTES;
    while (bytes < BYTES_MAX && (long) bytes * bytes < fileBytes) {
      bytes *= 2;
    }
    return new BlockSize(bytes);
  }

  /** The smaller blocks that a search for shifted content goes by. */
  public BlockSize forSearch() {
    return new BlockSize(Math.max(LEAF_BYTES, bytes / 4));
  }

  /** How many blocks a range takes, the last one perhaps short. */
  public int count(long rangeBytes) {
    return Math.toIntExact((rangeBytes + bytes - 1) / bytes);
  }

  int leaves() {
    return bytes / LEAF_BYTES;
  }
}
