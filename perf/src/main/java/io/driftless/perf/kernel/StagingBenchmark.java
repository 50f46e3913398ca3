package io.driftless.perf.kernel;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.EntryStager;
import io.driftless.target.stage.MetadataWriter;
import io.driftless.target.stage.Room;
import io.driftless.target.stage.SmallContent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
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

/**
 * How long a small file takes to be made complete on a tmpfs where nobody sees it, and to be
 * renamed into its place over the last one; beside the bare system calls for the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls what is to be done first
public class StagingBenchmark {
  private static final int FILE_BYTES = 6 * 1024;
  private static final int OWNER = 33;
  private static final Name STAGED = Name.of("0123456789abcdef");
  private static final Name PLACE = Name.of("index.html");
  private static final TreePath PATH = TreePath.of("www/index.html");

  private final Metadata metadata =
      new Metadata(
          Kind.REGULAR,
          0644,
          OWNER,
          OWNER,
          new Timestamp(1_700_000_000, 123_456_789),
          new Timestamp(1_700_000_000, 0),
          FILE_BYTES,
          0,
          0,
          Bytes.EMPTY,
          List.of());
  private final ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(FILE_BYTES);
  private final SmallContent small = SmallContent.whole(content, 0, FILE_BYTES);
  private MemoryVolume volume;
  private Directory directory;
  private EntryStager stager;
  private EntryStager.Spot spot;

  @Setup
  public void open() throws IOException {
    content.writeZero(FILE_BYTES);
    volume = MemoryVolume.open();
    directory = volume.root().open(TreePath.ROOT);
    var room = new Room(directory.fd());
    stager = new EntryStager(new MetadataWriter(0, 0, room, (_, _, _) -> {}), room);
    spot = new EntryStager.Spot(directory, STAGED, PATH, MetadataWriter.Locking.SET);
  }

  @TearDown
  public void remove() throws IOException {
    directory.remove(PLACE);
    directory.close();
    volume.close();
    content.release();
  }

  @Benchmark
  public void stage() throws IOException {
    stager.file(spot, metadata, small);
    directory.rename(STAGED, directory, PLACE, RenameMode.REPLACE);
  }

  @Benchmark
  public void bareCallsAsFloor() throws IOException {
    try (Fd file = directory.create(STAGED, 0600)) {
      file.writeAt(0, content.memoryAddress(), FILE_BYTES);
      file.chown(OWNER, OWNER);
      file.chmod(0644);
      file.setTimes(new FileTimes(1_700_000_000, 0, 1_700_000_000, 123_456_789));
    }
    directory.rename(STAGED, directory, PLACE, RenameMode.REPLACE);
  }
}
