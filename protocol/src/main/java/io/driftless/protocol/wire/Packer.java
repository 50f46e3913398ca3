package io.driftless.protocol.wire;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;

/** Packs records for sending, and unpacks what has come. Thread-safe. */
final class Packer {
  private final ByteBufAllocator allocator;

  Packer(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  Packed pack(ByteBuf plain, SeededHash hash) {
    long digest = hash.hash64(plain, plain.readerIndex(), plain.readableBytes());
    return new Packed(Packing.PLAIN, plain.readableBytes(), digest, plain);
  }

  ByteBuf unpack(Packed packed, SeededHash hash) {
    ByteBuf plain = packed.bytes();
    long digest = hash.hash64(plain, plain.readerIndex(), plain.readableBytes());
    if (packed.packing() != Packing.PLAIN || digest != packed.hash()) {
      plain.release();
      throw new CorruptedFrameException("records that are not what was packed");
    }
    return plain;
  }
}
