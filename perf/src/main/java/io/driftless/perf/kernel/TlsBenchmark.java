package io.driftless.perf.kernel;

import io.driftless.perf.floor.Wire;
import java.io.IOException;
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

/**
 * How long a mebibyte takes over the loopback interface with TLS as the agents use it, received by
 * another thread; beside the same without TLS.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls what is to be done first
public class TlsBenchmark {
  @Param({"true", "false"})
  private boolean isEncrypted;

  private Wire wire;

  @Setup
  public void open() throws IOException {
    wire = isEncrypted ? Wire.encrypted() : Wire.plain();
  }

  @TearDown
  public void close() throws IOException {
    wire.close();
  }

  @Benchmark
  public void mebibyte() throws IOException {
    wire.send();
  }
}
