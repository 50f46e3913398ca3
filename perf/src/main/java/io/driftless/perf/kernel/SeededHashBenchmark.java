package io.driftless.perf.kernel;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Digest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** How long one block takes to hash, in native memory as it comes from the wire. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class SeededHashBenchmark {
  @Param({"4096", "65536"})
  private int blockBytes;

  private final SeededHash hash = new SeededHash(7);
  private ByteBuf block = PooledByteBufAllocator.DEFAULT.directBuffer();

  @Setup
  public void fill() {
    byte[] content = new byte[blockBytes];
    new SplittableRandom(1).nextBytes(content);
    block = block.clear().writeBytes(content);
  }

  @TearDown
  public void release() {
    block.release();
  }

  @Benchmark
  public long hash64() {
    return hash.hash64(block, 0, blockBytes);
  }

  @Benchmark
  public Digest hash128() {
    return hash.hash128(block, 0, blockBytes);
  }
}
