package io.driftless.perf.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long the entry of a plain file takes to become bytes, and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class EntryCodecBenchmark {
  private final Entry entry =
      new Entry(
          Name.of("file-0123abcd.dat".getBytes(US_ASCII)),
          new Metadata(
              Kind.REGULAR,
              0644,
              33,
              33,
              new Timestamp(1_700_000_000, 123_456_789),
              new Timestamp(1_700_000_000, 0),
              6200,
              0,
              0,
              Bytes.EMPTY,
              List.of()),
          LinkRole.ONLY,
          42);
  private final ByteBuf written = PooledByteBufAllocator.DEFAULT.directBuffer();
  private final ByteBuf encoded = PooledByteBufAllocator.DEFAULT.directBuffer();

  @Setup
  public void encodeOnce() {
    EntryCodec.encode(entry, encoded.clear());
  }

  @TearDown
  public void release() {
    written.release();
    encoded.release();
  }

  @Benchmark
  public int encode() {
    EntryCodec.encode(entry, written.clear());
    return written.readableBytes();
  }

  @Benchmark
  public Entry decode() {
    return EntryCodec.decode(encoded.readerIndex(0));
  }
}
