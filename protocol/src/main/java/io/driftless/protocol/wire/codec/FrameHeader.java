package io.driftless.protocol.wire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * What stands before every payload, big-endian.
 *
 * <pre>
 *  0              4        6          8
 *  | payloadBytes |  type  |  stream  |
 * </pre>
 *
 * @param stream 0 for the session itself, else the number of a volume's conversation
 */
public record FrameHeader(int payloadBytes, MessageType type, int stream) {
  public static final int BYTES = 8;
  public static final int STREAM_MAX = 0xFFFF;

  private static final int TYPE_OFFSET = 4;
  private static final int STREAM_OFFSET = 6;

  /**
   * Reads a header at the reader index, which stays.
   *
   * @throws CorruptedFrameException if there is no such type, it can't have so many bytes, or does
   *     not belong on this stream
   */
  public static FrameHeader peek(ByteBuf in) {
    int at = in.readerIndex();
    return checked(
        in.getUnsignedInt(at),
        in.getUnsignedShort(at + TYPE_OFFSET),
        in.getUnsignedShort(at + STREAM_OFFSET));
  }

  private static FrameHeader checked(long payloadBytes, int code, int stream) {
    MessageType type = MessageType.ofCode(code);
    if (payloadBytes > type.payloadBytesMax()) {
      throw new CorruptedFrameException(
          "%s of %d bytes, at most %d are allowed"
              .formatted(type, payloadBytes, type.payloadBytesMax()));
    }
    if (type.isOfSession() != (stream == 0)) {
      throw new CorruptedFrameException("%s on stream %d".formatted(type, stream));
    }
    return new FrameHeader((int) payloadBytes, type, stream);
  }

  /** Appends the header. */
  void write(ByteBuf out) {
    out.writeInt(payloadBytes).writeShort(type.code()).writeShort(stream);
  }

  /** Fills in the header of a frame that begins at an index, once its length is known. */
  static void set(ByteBuf out, int at, int payloadBytes, MessageType type, int stream) {
    out.setInt(at, payloadBytes);
    out.setShort(at + TYPE_OFFSET, type.code());
    out.setShort(at + STREAM_OFFSET, stream);
  }
}
