package io.driftless.protocol.wire;

import io.driftless.protocol.message.Message;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames together from the chunks that TLS decrypts. Confined to one event loop.
 *
 * <p>A small frame that lies in one chunk is decoded where it is. Any other is copied once, into a
 * buffer of exactly its declared length, which has been checked against its type before; what it
 * carries stays a slice of that buffer.
 */
final class FrameAssembler {
  /** Takes what arrives. */
  interface Sink {
    /**
     * Decides about a frame before anything is allocated for it.
     *
     * @throws io.netty.handler.codec.CorruptedFrameException if it may not come here and now
     */
    void expect(FrameHeader header);

    /** Takes a message and the buffer that it may own. */
    void received(int stream, Message message);
  }

  private final ByteBufAllocator allocator;
  private final Sink sink;
  private final ByteBuf headerBytes = Unpooled.buffer(FrameHeader.BYTES, FrameHeader.BYTES);
  private final Deque<ByteBuf> held = new ArrayDeque<>();
  private @Nullable FrameHeader header;
  private @Nullable ByteBuf payload;
  private boolean isHeld;
  private boolean isClosed;

  FrameAssembler(ByteBufAllocator allocator, Sink sink) {
    this.allocator = allocator;
    this.sink = sink;
  }

  /**
   * Takes a chunk, whatever happens.
   *
   * @throws io.netty.handler.codec.CorruptedFrameException if it breaks the format; nothing more
   *     may be fed then
   */
  void feed(ByteBuf chunk) {
    if (isHeld) {
      held.add(chunk);
      return;
    }
    try {
      while (chunk.isReadable() && !isHeld && !isClosed) {
        step(chunk);
      }
      if (chunk.isReadable() && !isClosed) {
        held.addFirst(chunk.retain());
      }
    } finally {
      chunk.release();
    }
  }

  /** Keeps what comes from now on, until {@link #resume}. Reading from the socket stops as well. */
  void hold() {
    isHeld = true;
  }

  void resume() {
    isHeld = false;
    for (ByteBuf chunk = held.poll(); chunk != null; chunk = held.poll()) {
      if (isClosed) {
        chunk.release();
        continue;
      }
      feed(chunk);
      if (isHeld) {
        return;
      }
    }
  }

  boolean isHeld() {
    return isHeld;
  }

  /** Lets go of everything; what is fed later is dropped. */
  void close() {
    isClosed = true;
    held.forEach(ByteBuf::release);
    held.clear();
    dropPayload();
  }

  private void step(ByteBuf chunk) {
    FrameHeader current = header;
    if (current == null) {
      readHeader(chunk);
      return;
    }
    ByteBuf whole = payload;
    if (whole == null) {
      whole = allocator.directBuffer(current.payloadBytes(), current.payloadBytes());
      payload = whole;
    }
    whole.writeBytes(chunk, Math.min(chunk.readableBytes(), whole.writableBytes()));
    if (!whole.isWritable()) {
      finish(current, whole);
    }
  }

  private void readHeader(ByteBuf chunk) {
    ByteBuf from = chunk;
    if (headerBytes.isReadable() || chunk.readableBytes() < FrameHeader.BYTES) {
      headerBytes.writeBytes(chunk, Math.min(chunk.readableBytes(), headerBytes.writableBytes()));
      if (headerBytes.isWritable()) {
        return;
      }
      from = headerBytes;
    }
    FrameHeader next = FrameHeader.peek(from);
    from.skipBytes(FrameHeader.BYTES);
    headerBytes.clear();
    sink.expect(next);
    if (isWholeIn(next, chunk)) {
      ByteBuf inPlace = chunk.readSlice(next.payloadBytes());
      sink.received(next.stream(), MessageCodec.decode(next.type(), inPlace));
      return;
    }
    header = next;
  }

  /** Records always get a buffer of their own: a slice would keep the whole chunk. */
  private static boolean isWholeIn(FrameHeader header, ByteBuf chunk) {
    return header.payloadBytes() <= chunk.readableBytes()
        && (header.payloadBytes() == 0 || !header.type().carriesRecords());
  }

  private void finish(FrameHeader current, ByteBuf whole) {
    header = null;
    Message message;
    try {
      message = MessageCodec.decode(current.type(), whole);
    } finally {
      dropPayload();
    }
    sink.received(current.stream(), message);
  }

  private void dropPayload() {
    if (payload != null) {
      payload.release();
      payload = null;
    }
  }
}
