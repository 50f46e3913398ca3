package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A lock that is held until it is closed. A process that dies lets go of it. */
final class FileGuard implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final FileChannel channel;

  private FileGuard(FileChannel channel) {
    this.channel = channel;
  }

  static FileGuard acquire(FileChannel channel, Path file) throws IOException {
    try {
      long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
      while (tryLock(channel) == null) {
        if (System.nanoTime() > deadlineNanos) {
          throw new RefusedException(
              Reason.IDENTITY_LOCKED,
              "%s is held by another process for more than 10 s".formatted(file),
              "look for a driftless command that hangs");
        }
        Thread.sleep(PAUSE);
      }
      return new FileGuard(channel);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeAfter(e, channel);
      throw new IOException("interrupted while waiting for " + file, e);
    } catch (Throwable failure) {
      closeAfter(failure, channel);
      throw failure;
    }
  }

  /** Null if another process or another thread of this one holds it. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // a thread of this process; as good as another process
    }
  }

  private static void closeAfter(Throwable failure, FileChannel channel) {
    try {
      channel.close();
    } catch (IOException closing) {
      failure.addSuppressed(closing);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
