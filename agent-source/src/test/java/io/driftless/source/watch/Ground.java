package io.driftless.source.watch;

import io.driftless.protocol.linux.Command;
import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own for a test. Needs root. */
interface Ground extends AutoCloseable {
  Path path();

  @Override
  void close() throws IOException;

  static Ground loop(Path directory, LoopFileSystem.Type type) throws IOException {
    LoopFileSystem fileSystem = LoopFileSystem.in(directory, type);
    return new Ground() {
      @Override
      public Path path() {
        return fileSystem.root();
      }

      @Override
      public void close() throws IOException {
        fileSystem.close();
      }
    };
  }

  static Ground tmpfs(Path directory) throws IOException {
    Needs.root();
    Needs.tools("mount", "umount");
    Path mounted = Files.createDirectory(directory.resolve("tmpfs"));
    Command.run("mount", "-t", "tmpfs", "-o", "size=64m", "none", mounted.toString());
    return new Ground() {
      @Override
      public Path path() {
        return mounted;
      }

      @Override
      public void close() throws IOException {
        Command.run("umount", mounted.toString());
      }
    };
  }
}
