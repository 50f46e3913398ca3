package io.driftless.source.send;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Direct memory in which one thread gathers records. Queues hold what is sent for a while, so what
 * leaves here takes no more memory than it needs.
 */
final class RecordBuffer implements AutoCloseable {
  /** What has gathered goes out from here on. */
  static final int FLUSH_BYTES = 256 * 1024;

  static final int FLUSH_RECORDS = 512;

  /** A full bundle and the heads of its records. */
  private static final int INITIAL_BYTES = 320 * 1024;

  private final ByteBufAllocator allocator;
  private ByteBuf buffer;
  private int records;

  RecordBuffer(ByteBufAllocator allocator) {
    this.allocator = allocator;
    this.buffer = allocator.directBuffer(INITIAL_BYTES);
  }

  /** Where the next record is appended. */
  ByteBuf next() {
    records++;
    return buffer;
  }

  /** Tells whether a record with so much content should go into the next bundle. */
  boolean isFullFor(int contentBytes) {
    return records > 0
        && (records >= FLUSH_RECORDS || buffer.readableBytes() + contentBytes > FLUSH_BYTES);
  }

  boolean isEmpty() {
    return !buffer.isReadable();
  }

  /** Hands out what has gathered, as a buffer that the caller owns, and begins anew. */
  ByteBuf take() {
    records = 0;
    int length = buffer.readableBytes();
    if (length <= buffer.capacity() / 2) {
      ByteBuf copy = allocator.directBuffer(Math.max(length, 16)).writeBytes(buffer);
      buffer.clear();
      return copy;
    }
    ByteBuf full = buffer;
    buffer = allocator.directBuffer(INITIAL_BYTES);
    return full;
  }

  @Override
  public void close() {
    buffer.release();
  }
}
