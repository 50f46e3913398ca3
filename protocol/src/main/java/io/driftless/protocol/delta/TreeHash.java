package io.driftless.protocol.delta;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The hash of one block over those of its leaves. Keeps the leaves of the last block. */
final class TreeHash {
  private static final ValueLayout.OfLong LITTLE_ENDIAN =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int DIGEST_BYTES = 16;

  private final StrongHash hash;
  private final Digest[] leaves;
  private final MemorySegment inner;
  private int count;

  TreeHash(StrongHash hash, BlockSize largest) {
    this.hash = hash;
    this.leaves = new Digest[largest.leaves()];
    this.inner = MemorySegment.ofArray(new byte[largest.leaves() * DIGEST_BYTES]);
  }

  /** The hash of a block of content. */
  Digest ofBytes(MemorySegment bytes, long offset, long length) {
    clear();
    for (long at = 0; at < length; at += BlockSize.LEAF_BYTES) {
      add(hash.hash(bytes, offset + at, Math.min(BlockSize.LEAF_BYTES, length - at)));
    }
    return root();
  }

  void clear() {
    count = 0;
  }

  void add(Digest leaf) {
    leaves[count++] = leaf;
  }

  Digest root() {
    if (count == 1) {
      return leaves[0];
    }
    for (int i = 0; i < count; i++) {
      inner.set(LITTLE_ENDIAN, (long) i * DIGEST_BYTES, leaves[i].low());
      inner.set(LITTLE_ENDIAN, (long) i * DIGEST_BYTES + Long.BYTES, leaves[i].high());
    }
    return hash.hash(inner, 0, (long) count * DIGEST_BYTES);
  }

  /** The leaves of the block that was hashed last, in order. */
  Digest[] leaves() {
    return Arrays.copyOf(leaves, count);
  }
}
