package io.driftless.source.read;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.Settling;
import io.driftless.protocol.tree.TreePath;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moment at which everything that had been written to a volume was on its way to the disk.
 * Thread-safe.
 *
 * <p>Stores through a shared mapping move the ctime of a file only when they meet a clean page:
 * into a page that is dirty already any number of them go unnoticed. What was last changed before
 * this moment has no dirty page, unless a ctime tells of it.
 */
public final class Writeback {
  private static final Logger LOG = LoggerFactory.getLogger(Writeback.class);

  private static final long NEVER = Long.MIN_VALUE;

  private final InstantSource clock;
  private @Nullable Thread thread;
  private volatile long millis = NEVER;

  private Writeback(InstantSource clock) {
    this.clock = clock;
  }

  /** Begins to write back what is dirty on the file system of a volume. */
  public static Writeback begin(ConfinedRoot root, InstantSource clock) throws LinuxException {
    Directory volume = root.open(TreePath.ROOT);
    var writeback = new Writeback(clock);
    writeback.thread =
        Thread.ofPlatform().daemon().name("writeback").start(() -> writeback.run(volume));
    return writeback;
  }

  /** None at all: every version is young, however long ago its file was written to. */
  public static Writeback none(InstantSource clock) {
    return new Writeback(clock);
  }

  private void run(Directory volume) {
    long began = clock.millis();
    try (volume) {
      volume.fd().syncFileSystem();
      millis = began;
    } catch (LinuxException e) {
      LOG.warn("what changes through mappings can't be told: {}", e.getMessage());
    }
  }

  /** Waits until it is done, or has taken too long; then it goes on beside everything else. */
  public void await(Duration patience) throws InterruptedException {
    if (thread != null) {
      thread.join(patience);
    }
  }

  /** When it began, if it is done; else long ago. By the wall clock. */
  public long millis() {
    return millis;
  }

  /** The version of a file, young if a later change could go unnoticed. */
  long versionOf(FileStatus status) {
    long version = FileVersion.of(status);
    boolean isCertain = !status.isRegular() || Settling.isDistinct(status, millis);
    return isCertain ? version : FileVersion.young(version);
  }
}
