package io.driftless.protocol.wire.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/** Short text in frames: length u16, then UTF-8. What is too long is cut. */
public final class WireText {
  public static final int MAX_BYTES = 4096;

  private WireText() {}

  public static void write(String text, ByteBuf out) {
    byte[] bytes = text.getBytes(UTF_8);
    int length = Math.min(bytes.length, MAX_BYTES);
    out.writeShort(length).writeBytes(bytes, 0, length);
  }

  public static String read(ByteBuf in) {
    int length = in.readUnsignedShort();
    if (length > MAX_BYTES || length > in.readableBytes()) {
      throw new CorruptedFrameException("text of %d bytes".formatted(length));
    }
    return in.readString(length, UTF_8);
  }
}
