package io.driftless.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what was unpacked for a conversation before anybody asked for it. Its windows bound that;
 * a peer that goes beyond them would have a few bytes stand for all of the memory. Thread-safe.
 */
final class UnreadBytes {
  /** Several times what the windows of a conversation allow for. */
  static final long BYTES_MAX = 192L << 20;

  private final AtomicLong bytes = new AtomicLong();

  /**
   * A direct buffer of a fixed size, which counts until it is released.
   *
   * @throws CorruptedFrameException if too much is unread
   */
  ByteBuf room(int size) {
    if (bytes.addAndGet(size) > BYTES_MAX) {
      bytes.addAndGet(-size);
      throw new CorruptedFrameException("records of which nobody has read the first ones yet");
    }
    try {
      return new Room(size);
    } catch (OutOfMemoryError e) {
      bytes.addAndGet(-size);
      throw e;
    }
  }

  long bytes() {
    return bytes.get();
  }

  private final class Room extends UnpooledUnsafeDirectByteBuf {
    private final int size;

    Room(int size) {
      super(UnpooledByteBufAllocator.DEFAULT, size, size);
      this.size = size;
    }

    @Override
    protected void deallocate() {
      super.deallocate();
      bytes.addAndGet(-size);
    }
  }
}
