package io.driftless.protocol.delta;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;

/** A strong hash that counts, and whose lower half can be made weak. */
final class Counting implements StrongHash {
  private final SeededHash hash;
  private final long lowMask;
  long contentBytes;

  Counting(long seed, long lowMask) {
    this.hash = new SeededHash(seed);
    this.lowMask = lowMask;
  }

  static Counting strong() {
    return new Counting(7, -1);
  }

  @Override
  public Digest hash(MemorySegment bytes, long offset, long length) {
    if (bytes.isNative()) { // in these tests content is native, what is derived from it is not
      contentBytes += length;
    }
    Digest digest = hash.hash128(bytes, offset, length);
    return new Digest(digest.high(), digest.low() & lowMask);
  }
}
