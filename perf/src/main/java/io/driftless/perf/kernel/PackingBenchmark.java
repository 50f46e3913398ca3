package io.driftless.perf.kernel;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.driftless.perf.data.Samples;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a bundle of text takes to become smaller, and to become what it was; beside a copy of
 * it, the least that any codec does. The codecs are those that the agents choose from.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class PackingBenchmark {
  private static final int BUNDLE_BYTES = 256 * 1024;
  private static final int NO_LEVEL = 0;

  /** LZ4, or a level of zstd. */
  @Param({"0", "1", "3", "7"})
  private int level;

  private final ByteBuffer plain = ByteBuffer.allocateDirect(BUNDLE_BYTES);
  private final ByteBuffer packed = ByteBuffer.allocateDirect(2 * BUNDLE_BYTES);
  private final ByteBuffer unpacked = ByteBuffer.allocateDirect(BUNDLE_BYTES);
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final ZstdDecompressCtx reverse = new ZstdDecompressCtx();
  private final LZ4Compressor lz4 = LZ4Factory.fastestInstance().fastCompressor();
  private final LZ4SafeDecompressor lz4Reverse = LZ4Factory.fastestInstance().safeDecompressor();
  private int packedBytes;

  @Setup
  public void fill() {
    plain.clear().put(Samples.text(BUNDLE_BYTES, new SplittableRandom(1))).flip();
    zstd.setLevel(Math.max(1, level));
    packedBytes = pack();
    System.out.printf("%n%d bytes become %d%n", BUNDLE_BYTES, packedBytes);
  }

  @TearDown
  public void close() {
    zstd.close();
    reverse.close();
  }

  @Benchmark
  public int pack() {
    return level == NO_LEVEL
        ? lz4.compress(plain, 0, BUNDLE_BYTES, packed, 0, packed.capacity())
        : zstd.compressDirectByteBuffer(packed, 0, packed.capacity(), plain, 0, BUNDLE_BYTES);
  }

  @Benchmark
  public int unpack() {
    return level == NO_LEVEL
        ? lz4Reverse.decompress(packed, 0, packedBytes, unpacked, 0, BUNDLE_BYTES)
        : reverse.decompressDirectByteBuffer(unpacked, 0, BUNDLE_BYTES, packed, 0, packedBytes);
  }

  @Benchmark
  public ByteBuffer copyAsFloor() {
    return unpacked.clear().put(plain.clear());
  }
}
