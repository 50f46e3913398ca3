package io.driftless.protocol.delta;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;

/**
 * The hash that content is recognised by, keyed by a secret of the volume pair: {@code
 * SeededHash::hash128}. Blocks are hashed as trees: every {@link BlockSize#LEAF_BYTES leaf} by
 * itself, and a block of several by the hash of the hashes of its leaves. So a question about finer
 * blocks costs no second pass over the bytes. The lower 64 bits of a block's hash travel; the
 * digest of a segment goes over all 128 of every leaf.
 */
@FunctionalInterface
public interface StrongHash {
  /**
   * Hashes a part of a buffer, which stays the caller's.
   *
   * @param length may be 0
   */
  Digest hash(MemorySegment bytes, long offset, long length);
}
