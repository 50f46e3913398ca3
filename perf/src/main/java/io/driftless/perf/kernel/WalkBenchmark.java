package io.driftless.perf.kernel;

import static java.util.Objects.requireNonNull;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.listing.ContentHash;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.read.EntryReader;
import io.driftless.source.read.RecordSink;
import io.driftless.source.read.SmallFileReader;
import io.driftless.source.read.SmallFileReader.Patience;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a file costs on a tmpfs that a walk meets: its entry, with all of its metadata, and entry
 * and content together; each beside the bare system calls for the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls what is to be done first
public class WalkBenchmark {
  private static final int FILES = 500;
  private static final int FILE_BYTES = 6 * 1024;

  private final ByteBuf records = PooledByteBufAllocator.DEFAULT.directBuffer(4 * FILE_BYTES);
  private final EntryReader entries = EntryReader.trusting(_ -> {});
  private final ContentReader contents = new ContentReader(TokenBucket.unlimited());
  private final SmallFileReader files =
      new SmallFileReader(
          entries,
          new ContentHash(new SeededHash(7), contents),
          contents,
          () -> Instant.now().plusSeconds(1)); // what was just written has settled
  private final RecordSink sink =
      new RecordSink() {
        @Override
        public ByteBuf room(int contentBytes) {
          return records.clear();
        }

        @Override
        public void unused(int contentBytes) {}
      };
  private MemoryVolume volume;

  @Setup
  public void fill() throws Exception {
    volume = MemoryVolume.open();
    for (int file = 0; file < FILES; file++) {
      Files.write(place(file), new byte[FILE_BYTES]);
    }
  }

  @TearDown
  public void remove() throws Exception {
    for (int file = 0; file < FILES; file++) {
      Files.delete(place(file));
    }
    volume.close();
    records.release();
  }

  private Path place(int file) {
    return volume.path().resolve("file-%05d.dat".formatted(file));
  }

  private static List<Name> names(Directory directory) throws Exception {
    var names = new ArrayList<Name>(FILES);
    try (DirectoryEntries each = directory.entries()) {
      while (each.next()) {
        names.add(each.name());
      }
    }
    return names;
  }

  @Benchmark
  @OperationsPerInvocation(FILES)
  public void entries(Blackhole hole) throws Exception {
    try (Directory directory = volume.root().open(TreePath.ROOT)) {
      for (Name name : names(directory)) {
        Entry entry = requireNonNull(entries.read(directory, name, _ -> LinkRole.ONLY));
        EntryCodec.encode(entry, records.clear());
        hole.consume(entry);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(FILES)
  public void entriesAsFloor(Blackhole hole) throws Exception {
    try (Directory directory = volume.root().open(TreePath.ROOT)) {
      for (Name name : names(directory)) {
        hole.consume(directory.status(name));
        hole.consume(directory.attributes(name));
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(FILES)
  public void contents(Blackhole hole) throws Exception {
    try (Directory directory = volume.root().open(TreePath.ROOT)) {
      int index = 0;
      for (Name name : names(directory)) {
        hole.consume(
            files.read(directory, name, index++, _ -> LinkRole.ONLY, Patience.DEFER, sink));
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(FILES)
  public void contentsAsFloor(Blackhole hole) throws Exception {
    records.clear();
    try (Directory directory = volume.root().open(TreePath.ROOT)) {
      for (Name name : names(directory)) {
        try (Fd file = directory.openForReading(name)) {
          FileStatus status = file.status();
          hole.consume(file.attributes());
          hole.consume(file.inodeFlags());
          hole.consume(file.readAt(0, records.memoryAddress(), (int) status.size()));
          hole.consume(file.status());
        }
      }
    }
  }
}
