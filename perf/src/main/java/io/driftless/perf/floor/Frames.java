package io.driftless.perf.floor;

import io.driftless.protocol.linux.FileStatus;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * What the two ends of a floor tell each other. A buffer gathers frames and is sent when the next
 * one might not fit; the other end takes them out of a buffer of its own.
 *
 * <pre>
 * frame
 *  0: length of all that follows(4)  4: kind(1)  5: length of the name(2)  7: permissions(4)
 * 11: mtime, seconds(8)  19: mtime, nanoseconds(4)  23: uid(4)  27: gid(4)
 * 31: offset of the content(8)  39: name, content
 * </pre>
 */
final class Frames {
  static final byte DIRECTORY = 0;
  static final byte FILE = 1;
  static final byte PART = 2;
  static final byte END = 3;

  static final int NAME_AT = 39;
  static final int CONTENT_MAX = 128 << 10;
  static final int BUFFER_BYTES = 512 << 10;
  private static final int FRAME_MAX = NAME_AT + Short.MAX_VALUE + CONTENT_MAX;

  private final SecureLink link;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final long address = MemorySegment.ofBuffer(buffer).address();

  Frames(SecureLink link) {
    this.link = link;
  }

  /** Address of the byte at a position of the buffer. */
  long address(int position) {
    return address + position;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /**
   * Begins a frame; its content goes to {@link #contentAt}, then comes {@link #end}.
   *
   * @param name at most 32 767 bytes
   */
  void begin(byte kind, byte[] name, FileStatus status, long offset) throws IOException {
    if (buffer.remaining() < FRAME_MAX) {
      flush();
    }
    buffer.putInt(0).put(kind).putShort((short) name.length).putInt(status.permissions());
    buffer.putLong(status.modifiedSeconds()).putInt(status.modifiedNanos());
    buffer.putInt(status.uid()).putInt(status.gid()).putLong(offset).put(name);
  }

  /** Where the content of the frame goes that has been begun. */
  long contentAt() {
    return address(buffer.position());
  }

  /** Ends a frame that was begun with so many bytes of name. */
  void end(int nameLength, int contentLength) {
    int start = buffer.position() - nameLength - NAME_AT;
    buffer.putInt(start, NAME_AT - Integer.BYTES + nameLength + contentLength);
    buffer.position(buffer.position() + contentLength);
  }

  void flush() throws IOException {
    buffer.flip();
    link.send(buffer);
    buffer.clear();
  }

  /** Adds to the buffer what arrives until a whole frame is there from the position on. */
  void await() throws IOException {
    while (!isWhole()) {
      if (buffer.capacity() - buffer.limit() < FRAME_MAX) {
        buffer.compact();
      } else {
        int at = buffer.position();
        buffer.position(buffer.limit()).limit(buffer.capacity());
        link.receive(buffer);
        buffer.limit(buffer.position()).position(at);
        continue;
      }
      buffer.flip();
    }
  }

  private boolean isWhole() {
    return buffer.remaining() >= Integer.BYTES
        && buffer.remaining() - Integer.BYTES >= buffer.getInt(buffer.position());
  }
}
