package io.driftless.source.scan;

import io.driftless.protocol.tree.Digest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a slice: as long as it has this witness, it has this digest.
 *
 * @param entries in the slice
 */
record KnownSlice(long witness, Digest digest, int entries) {
  private static final int BYTES = 3 * Long.BYTES + Integer.BYTES;

  static @Nullable KnownSlice decode(@Nullable ByteBuffer record) {
    if (record == null || record.remaining() != BYTES) {
      return null;
    }
    return new KnownSlice(
        record.getLong(), new Digest(record.getLong(), record.getLong()), record.getInt());
  }

  ByteBuffer encode() {
    return ByteBuffer.allocate(BYTES)
        .putLong(witness)
        .putLong(digest.high())
        .putLong(digest.low())
        .putInt(entries)
        .flip();
  }
}
