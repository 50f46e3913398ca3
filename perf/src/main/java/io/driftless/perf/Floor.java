package io.driftless.perf;

import io.driftless.perf.LagTrial.Sample;
import io.driftless.perf.data.SmallChanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** What the file system alone takes to make one small file durable, in the same moments. */
final class Floor {
  static final String LABEL = "file system";
  private static final int BYTES = 2560;

  private final Path directory;
  private final SplittableRandom random = new SplittableRandom(BYTES);

  private Floor(Path directory) {
    this.directory = directory;
  }

  static Floor in(Path directory) throws IOException {
    return new Floor(Files.createDirectories(directory));
  }

  /** Writes, syncs, renames, and syncs the directory. */
  Sample sample() throws IOException {
    byte[] content = new byte[BYTES];
    random.nextBytes(content);
    Path fresh = directory.resolve("fresh");
    Path file = directory.resolve("file");
    long begun = System.nanoTime();
    try (var channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    double visible = (System.nanoTime() - begun) / 1e6;
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
    return new Sample(
        SmallChanges.Kind.CREATE, visible, OptionalDouble.of((System.nanoTime() - begun) / 1e6));
  }
}
