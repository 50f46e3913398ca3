package io.driftless.protocol.wire;

import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.wire.PackingPolicy.Codec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;
import java.util.function.DoubleSupplier;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Packs records for sending, and unpacks what has come. Thread-safe. */
final class Packer implements AutoCloseable {
  /** Less is not worth a call. */
  private static final int PLAIN_BYTES_MIN = 256;

  /** What isn't smaller by this share isn't worth unpacking. */
  private static final double RATIO_MAX = 0.95;

  private static final int SAMPLES = 3;
  private static final int SAMPLE_BYTES = 4096;
  private static final int SAMPLED_BYTES_MIN = 8 * SAMPLE_BYTES;

  /** The other half of the processors reads, hashes and encrypts. */
  private static final int PACKING_THREADS =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  /** Where the wire is slow, there is little to read, to hash and to encrypt. */
  private static final int CHAINS =
      Math.min(PackingChain.LANES_MAX, Runtime.getRuntime().availableProcessors());

  /** What a chain makes of something dense has to fit in a message as well. */
  private static final int CHAINED_BYTES_MAX = ContentMessage.RECORDS_BYTES_MAX * 15 / 16;

  /** A wire that is slower than this many bytes a second has time for large bundles. */
  private static final double SLOW = 30e6;

  private static final int BUNDLE_BYTES_SLOW = 1 << 20;

  /** No bundle keeps a wire busy for longer than one part of so many of a second. */
  private static final double BUNDLES_A_SECOND = 5;

  private static final LZ4Factory LZ4 = loadLz4();

  private final ByteBufAllocator allocator;
  private final DoubleSupplier wireBytesPerSecond;
  private final PackingPolicy policy = new PackingPolicy(PACKING_THREADS, CHAINS);
  private final ZstdContexts zstd = new ZstdContexts();
  private final LZ4Compressor lz4 = LZ4.fastCompressor();
  private final LZ4SafeDecompressor lz4Reverse = LZ4.safeDecompressor();

  Packer(ByteBufAllocator allocator, DoubleSupplier wireBytesPerSecond) {
    this.allocator = allocator;
    this.wireBytesPerSecond = wireBytesPerSecond;
    Native.load(); // now, and not while the first bundle is being measured
  }

  private static LZ4Factory loadLz4() {
    LZ4Factory factory = LZ4Factory.fastestInstance();
    UnpackedLibraries.remove("liblz4-java-");
    return factory;
  }

  /** See {@link Conversation#bundleBytes}. */
  int bundleBytes() {
    double wire = wireBytesPerSecond.getAsDouble();
    return wire < SLOW
        ? (int)
            Math.clamp(wire / BUNDLES_A_SECOND, Conversation.BUNDLE_BYTES_USUAL, BUNDLE_BYTES_SLOW)
        : Conversation.BUNDLE_BYTES_USUAL;
  }

  /** What packs the records of a lane, where they are chained. */
  PackingChain openChain() {
    return new PackingChain(allocator, policy);
  }

  /** About how many bytes the chain of a lane makes of so many. */
  int estimateChained(int plainBytes) {
    return policy.estimateChained(plainBytes);
  }

  /** Packs plain records without a chain; takes their bytes, whatever happens. */
  Packed packAlone(Packed plain) {
    return pack(plain.bytes(), plain.checksum(), Codec.ZSTD_3);
  }

  /** Where buffers come from: pooled, direct. */
  ByteBufAllocator allocator() {
    return allocator;
  }

  /** Packs, or leaves that to a chain; takes {@code plain}, whatever happens. */
  Packed pack(ByteBuf plain) {
    int checksum;
    Codec codec;
    try {
      checksum = checksum(plain);
      codec = choose(plain);
    } catch (RuntimeException e) {
      plain.release();
      throw e;
    }
    return pack(plain, checksum, codec);
  }

  private Packed pack(ByteBuf plain, int checksum, Codec codec) {
    int plainBytes = plain.readableBytes();
    if (codec == Codec.PLAIN || codec.isChained()) {
      return new Packed(codec.packing(), plainBytes, checksum, plain);
    }
    ByteBuf packed = compress(plain, codec);
    return new Packed(
        packed == plain ? Packing.PLAIN : codec.packing(), plainBytes, checksum, packed);
  }

  /** The processor has an instruction for it: it costs a fifth of XXH3. */
  static int checksum(ByteBuf plain) {
    var crc = new CRC32C();
    for (ByteBuffer part : plain.nioBuffers()) {
      crc.update(part);
    }
    return (int) crc.getValue();
  }

  private Codec choose(ByteBuf plain) {
    if (plain.readableBytes() < PLAIN_BYTES_MIN
        || !plain.isDirect()
        || plain.nioBufferCount() > 1) {
      return Codec.PLAIN;
    }
    Codec codec = policy.choose(wireBytesPerSecond.getAsDouble());
    if (codec == Codec.PLAIN || looksDense(plain)) {
      return Codec.PLAIN;
    }
    return codec.isChained() && plain.readableBytes() > CHAINED_BYTES_MAX ? Codec.ZSTD_3 : codec;
  }

  /** Tells by a few samples whether there is little to be had. */
  private boolean looksDense(ByteBuf plain) {
    int bytes = plain.readableBytes();
    if (bytes < SAMPLED_BYTES_MIN) {
      return false;
    }
    ByteBuf scratch = allocator.directBuffer(lz4.maxCompressedLength(SAMPLE_BYTES));
    try {
      int packed = 0;
      for (int i = 0; i < SAMPLES; i++) {
        int from = plain.readerIndex() + (int) ((long) (bytes - SAMPLE_BYTES) * i / (SAMPLES - 1));
        ByteBuffer sample = plain.nioBuffer(from, SAMPLE_BYTES);
        ByteBuffer into = scratch.nioBuffer(0, scratch.capacity());
        packed += lz4.compress(sample, 0, SAMPLE_BYTES, into, 0, into.remaining());
      }
      return packed > RATIO_MAX * SAMPLES * SAMPLE_BYTES;
    } finally {
      scratch.release();
    }
  }

  /** The compressed bytes, or {@code plain} itself if they aren't fewer; the other is released. */
  private ByteBuf compress(ByteBuf plain, Codec codec) {
    int plainBytes = plain.readableBytes();
    int bytesMax = (int) (RATIO_MAX * plainBytes);
    ByteBuf packed = null;
    ByteBuf released = plain;
    try {
      packed = allocator.directBuffer(bytesMax, bytesMax);
      long start = System.nanoTime();
      int bytes = compress(plain, packed, codec);
      policy.packed(codec, plainBytes, bytes < 0 ? plainBytes : bytes, System.nanoTime() - start);
      released = bytes < 0 ? packed : plain;
      return bytes < 0 ? plain : packed.writerIndex(bytes);
    } catch (OutOfMemoryError e) {
      released = packed;
      return plain;
    } finally {
      if (released != null) {
        released.release();
      }
    }
  }

  /** Compresses; -1 if it doesn't fit. */
  private int compress(ByteBuf plain, ByteBuf packed, Codec codec) {
    ByteBuffer from = plain.nioBuffer();
    ByteBuffer into = packed.nioBuffer(0, packed.capacity());
    try {
      return switch (codec) {
        case PLAIN, CHAIN_3, CHAIN_7 -> -1;
        case LZ4 -> lz4.compress(from, 0, from.remaining(), into, 0, into.remaining());
        case ZSTD_1, ZSTD_3 -> zstd(codec.level(), from, into);
      };
    } catch (LZ4Exception | ZstdException e) {
      return -1; // both say so when it does not fit
    }
  }

  private int zstd(int level, ByteBuffer from, ByteBuffer into) {
    return zstd.compress(
        level,
        context ->
            context.compressDirectByteBuffer(into, 0, into.remaining(), from, 0, from.remaining()));
  }

  /** Unpacks; takes the buffer, whatever happens. */
  ByteBuf unpack(Packed packed) {
    ByteBuf bytes = packed.bytes();
    int plainBytes = packed.plainBytes();
    if (plainBytes < 0 || plainBytes > ContentMessage.RECORDS_BYTES_MAX) {
      bytes.release();
      throw new CorruptedFrameException("records of %d bytes".formatted(plainBytes));
    }
    if (packed.isChained()) {
      bytes.release();
      throw new IllegalArgumentException("chained records are unpacked as they arrive");
    }
    ByteBuf plain = packed.packing() == Packing.PLAIN ? bytes : decompress(packed);
    if (plain.readableBytes() != plainBytes || checksum(plain) != packed.checksum()) {
      plain.release();
      throw new CorruptedFrameException("records that are not what was packed");
    }
    return plain;
  }

  private ByteBuf decompress(Packed packed) {
    ByteBuf bytes = packed.bytes();
    ByteBuf plain = allocator.directBuffer(packed.plainBytes(), packed.plainBytes());
    boolean isDone = false;
    try {
      ByteBuffer from = bytes.nioBuffer();
      ByteBuffer into = plain.nioBuffer(0, packed.plainBytes());
      plain.writerIndex(
          packed.packing() == Packing.LZ4
              ? lz4Reverse.decompress(from, 0, from.remaining(), into, 0, into.remaining())
              : unzstd(from, into));
      isDone = true;
      return plain;
    } catch (LZ4Exception | ZstdException | IllegalArgumentException e) {
      throw new CorruptedFrameException("records that can't be unpacked", e);
    } finally {
      bytes.release();
      if (!isDone) {
        plain.release();
      }
    }
  }

  private int unzstd(ByteBuffer from, ByteBuffer into) {
    return zstd.decompress(context ->
        context.decompressDirectByteBuffer(into, 0, into.remaining(), from, 0, from.remaining()));
  }

  @Override
  public void close() {
    zstd.close();
  }
}
