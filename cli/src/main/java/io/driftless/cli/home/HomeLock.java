package io.driftless.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Held by an agent as long as it runs, so that no second one works on its home. */
public final class HomeLock implements AutoCloseable {
  private static final int PID_BYTES_MAX = 20;

  private final FileChannel channel;
  private final FileLock lock;

  private HomeLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the lock.
   *
   * @throws CommandFailure {@code home-in-use} with the process that has it
   */
  public static HomeLock acquire(Home home) throws IOException {
    FileChannel channel = open(home);
    try {
      FileLock lock = tryLock(channel);
      if (lock == null) {
        throw inUse(home, channel);
      }
      writePid(channel);
      return new HomeLock(channel, lock);
    } catch (Throwable failure) {
      try {
        channel.close();
      } catch (IOException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  private static FileChannel open(Home home) throws IOException {
    return FileChannel.open(
        home.lockFile(),
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process has it
    }
  }

  private static CommandFailure inUse(Home home, FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(PID_BYTES_MAX);
    channel.read(pid, 0);
    String written = new String(pid.array(), 0, pid.position(), US_ASCII).strip();
    String process = written.matches("[0-9]{1,10}") ? "process " + written : "another process";
    return new CommandFailure(
        ExitCode.FAILED,
        "home-in-use",
        "an agent already runs in %s: %s"
            .formatted(Escaped.display(home.state().toString()), process),
        "stop it first, or give this one another --home");
  }

  private static void writePid(FileChannel channel) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(US_ASCII)), 0);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      lock.release();
    }
  }
}
