package io.driftless.target.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/** Takes in the content of a new version, range by range, in any order. */
interface ContentSink {
  /** Data; the bytes stay the caller's. */
  void write(long offset, ByteBuf bytes, int position, int length) throws IOException;

  /** A range that reads as zeros, without room where the file system can. */
  void hole(long offset, long length) throws IOException;

  /** What a hole is where there are none. */
  static void zeros(ContentSink sink, long offset, long length) throws IOException {
    int block = (int) Math.min(1 << 16, length);
    ByteBuf zeros = Unpooled.directBuffer(block).writeZero(block);
    try {
      for (long at = offset; at < offset + length; at += block) {
        sink.write(at, zeros, 0, (int) Math.min(block, offset + length - at));
      }
    } finally {
      zeros.release();
    }
  }
}
