package io.driftless.protocol.delta;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The digest of a file: the sum of the hashes of its segments with their places, so that they can
 * come in any order. Confined to one thread at a time.
 */
public final class FileDigest {
  private static final ValueLayout.OfLong LITTLE_ENDIAN =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final StrongHash hash;
  private final MemorySegment record = MemorySegment.ofArray(new byte[32]);
  private Digest sum = Digest.EMPTY;

  public FileDigest(StrongHash hash) {
    this.hash = hash;
  }

  /** Adds a segment, once. */
  public void add(Range covered, Digest segment) {
    record.set(LITTLE_ENDIAN, 0, covered.from());
    record.set(LITTLE_ENDIAN, 8, covered.length());
    record.set(LITTLE_ENDIAN, 16, segment.low());
    record.set(LITTLE_ENDIAN, 24, segment.high());
    sum = sum.plus(hash.hash(record, 0, record.byteSize()));
  }

  public Digest digest() {
    return sum;
  }
}
