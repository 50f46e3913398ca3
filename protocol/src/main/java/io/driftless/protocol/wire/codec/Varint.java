package io.driftless.protocol.wire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * Numbers in as few bytes as they need: seven bits a byte, the lowest first, the upper bit set on
 * all but the last (LEB128). Each number has exactly one form.
 */
final class Varint {
  private static final int MORE = 0x80;
  private static final int LAST_SHIFT = 63;

  private Varint() {}

  /** Appends 64 bits, taken as unsigned. */
  static void write(long value, ByteBuf out) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) rest | MORE);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  /**
   * Reads 64 bits.
   *
   * @throws CorruptedFrameException if they are longer than they need be, or than 64 bits
   */
  static long read(ByteBuf in) {
    long value = 0;
    for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
      int next = in.readUnsignedByte();
      value |= (next & 0x7FL) << shift;
      if (next < MORE) {
        if (next == 0 && shift > 0 || shift == LAST_SHIFT && next > 1) {
          break;
        }
        return value;
      }
    }
    throw new CorruptedFrameException("a number that is longer than it needs to be");
  }

  /** Appends a number that may be negative; small ones of either sign take few bytes. */
  static void writeSigned(long value, ByteBuf out) {
    write(value << 1 ^ value >> 63, out);
  }

  static long readSigned(ByteBuf in) {
    long value = read(in);
    return value >>> 1 ^ -(value & 1);
  }
}
