package io.driftless.trial;

import io.driftless.protocol.linux.LoopFileSystem;
import io.driftless.protocol.linux.LoopFileSystem.Type;
import io.driftless.protocol.linux.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * A volume on a file system of its own and a target beside it, for writers of all sorts; the target
 * follows once it has been told to.
 */
final class FollowedVolume implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long MEBIBYTES = 3000;

  private final LoopFileSystem disk;
  private final Path from;
  private final Path to;
  private final TwoHosts hosts;

  private FollowedVolume(LoopFileSystem disk, Path from, Path to, TwoHosts hosts) {
    this.disk = disk;
    this.from = from;
    this.to = to;
    this.hosts = hosts;
  }

  /** Starts both agents; other users may reach the volume. */
  static FollowedVolume on(Type type, Program program, Path scratch) throws IOException {
    int port = TwoHosts.freePort();
    return on(type, program, scratch, new TwoHosts.Way(port, port));
  }

  /** As {@link #on(Type, Program, Path)}, with something between the two. */
  static FollowedVolume on(Type type, Program program, Path scratch, TwoHosts.Way way)
      throws IOException {
    Needs.tools("rsync", "getfacl", "getfattr", "lsattr");
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    LoopFileSystem disk = LoopFileSystem.in(scratch, type, MEBIBYTES);
    try {
      Path from = Files.createDirectory(disk.root().resolve("from"));
      Path to = Files.createDirectory(disk.root().resolve("to"));
      return new FollowedVolume(disk, from, to, TwoHosts.start(program, scratch, from, to, way));
    } catch (Throwable failure) {
      try {
        disk.close();
      } catch (IOException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  Path from() {
    return from;
  }

  Path to() {
    return to;
  }

  TwoHosts hosts() {
    return hosts;
  }

  AgentControl control() {
    return AgentControl.ofSource(hosts.sourceHome());
  }

  /** From now on the target follows; returns when it has what is there. */
  void follow() {
    hosts.onSource("replicate", TwoHosts.VOLUME, "on").expect(0);
    control().awaitQuiet(PATIENCE);
  }

  /**
   * Nobody writes any more: a barrier has to prove it, and strangers have to find no difference.
   */
  void assertBarrierMakesEqual() {
    Program.Run barrier = hosts.onSource("barrier", TwoHosts.VOLUME, "--timeout", "90s");
    if (barrier.exitCode() != 0) {
      throw new AssertionError(
          barrier.err()
              + hosts.onSource("status").out()
              + hosts.onSource("problems", TwoHosts.VOLUME).out());
    }
    try {
      Judge.assertEqual(from, to);
    } catch (AssertionError e) {
      throw new AssertionError(
          "after " + barrier.out() + hosts.onSource("history", "www").out(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try (disk) {
      hosts.close();
    }
  }
}
