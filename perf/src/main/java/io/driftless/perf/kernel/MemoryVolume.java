package io.driftless.perf.kernel;

import io.driftless.protocol.linux.ConfinedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An empty directory on a tmpfs; whoever fills it empties it before it is closed. */
record MemoryVolume(Path path, ConfinedRoot root) implements AutoCloseable {
  static MemoryVolume open() throws IOException {
    Path path = Files.createTempDirectory(Path.of("/dev/shm"), "driftless-kernel-");
    return new MemoryVolume(path, ConfinedRoot.open(path.toString()));
  }

  @Override
  public void close() throws IOException {
    root.close();
    Files.delete(path);
  }
}
