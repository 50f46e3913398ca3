package io.driftless.source.send;

import io.driftless.protocol.wire.Conversation;
import io.netty.buffer.ByteBuf;

/**
 * Direct memory in which one thread gathers records. Queues hold what is sent for a while, so what
 * leaves here takes no more memory than it needs.
 */
final class RecordBuffer implements AutoCloseable {
  static final int FLUSH_RECORDS = 512;

  /** Heads of the records of a full bundle. */
  private static final int HEADS_BYTES = 64 * 1024;

  private final Conversation conversation;
  private ByteBuf buffer;

  /** What has gathered goes out from here on. */
  private int flushBytes;

  private int records;

  RecordBuffer(Conversation conversation) {
    this.conversation = conversation;
    this.flushBytes = conversation.bundleBytes();
    this.buffer = allocate();
  }

  private ByteBuf allocate() {
    return conversation.allocator().directBuffer(flushBytes + HEADS_BYTES);
  }

  /** Where the next record is appended. */
  ByteBuf next() {
    records++;
    return buffer;
  }

  /** Tells whether a record with so much content should go into the next bundle. */
  boolean isFullFor(int contentBytes) {
    return records > 0
        && (records >= FLUSH_RECORDS || buffer.readableBytes() + contentBytes > flushBytes);
  }

  boolean isEmpty() {
    return !buffer.isReadable();
  }

  /** Hands out what has gathered, as a buffer that the caller owns, and begins anew. */
  ByteBuf take() {
    records = 0;
    flushBytes = conversation.bundleBytes();
    int length = buffer.readableBytes();
    if (length <= buffer.capacity() / 2) {
      ByteBuf copy = conversation.allocator().directBuffer(Math.max(length, 16)).writeBytes(buffer);
      buffer.clear();
      return copy;
    }
    ByteBuf full = buffer;
    buffer = allocate();
    return full;
  }

  @Override
  public void close() {
    buffer.release();
  }
}
