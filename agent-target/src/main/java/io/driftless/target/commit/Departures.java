package io.driftless.target.commit;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Name;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of large files that have lost their names. To free one takes the kernel long, in memory
 * an eighth of a second for each GiB, and whoever gives up the last reference waits for that. So a
 * reference is held while the name goes, and given up by a thread that has nothing else to do.
 * Thread-safe.
 */
public final class Departures implements AutoCloseable {
  /** Of allocated blocks; a smaller file is gone before a thread has started. */
  private static final long BYTES_MIN = 256L << 20;

  /** Whoever comes when so many wait frees its own. */
  private static final int WAITING_MAX = 16;

  private static final int IDLE_SECONDS = 1;

  /** Elsewhere, as over a network, a file that is held may leave a name behind. */
  private static final Set<Long> TYPES =
      Set.of(FileSystem.EXT4, FileSystem.XFS, FileSystem.BTRFS, FileSystem.TMPFS);

  private final boolean isSuited;
  private final ThreadPoolExecutor thread;

  private Departures(boolean isSuited, String name) {
    this.isSuited = isSuited;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name(name + "-departures").factory(),
            (task, _) -> task.run());
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Departures from a volume.
   *
   * @param root must stay open until this is closed
   * @param name of the thread
   */
  public static Departures of(ConfinedRoot root, String name) throws LinuxException {
    return new Departures(TYPES.contains(root.fd().fileSystem().type()), name);
  }

  /** What is held while its name goes; to be closed after that. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Holds what has a name, if it is a large file. */
  Held hold(Directory directory, Name name) {
    Fd reference = isSuited ? referenceToLarge(directory, name) : null;
    return reference == null ? () -> {} : () -> free(reference);
  }

  private static @Nullable Fd referenceToLarge(Directory directory, Name name) {
    try {
      FileStatus status = directory.statusIfPresent(name);
      boolean isLarge =
          status != null && status.isRegular() && status.allocatedBytes() >= BYTES_MIN;
      return isLarge ? directory.openReference(name) : null;
    } catch (LinuxException e) {
      return null; // then it takes as long as it takes
    }
  }

  private void free(Fd reference) {
    try {
      thread.execute(reference::close);
    } catch (OutOfMemoryError e) { // there can't be another thread
      reference.close();
    }
  }

  /** Waits until everything has been freed, interrupted or not. */
  @Override
  public void close() {
    boolean isInterrupted = Thread.interrupted(); // else what waits would never be let go of
    try {
      thread.close();
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
