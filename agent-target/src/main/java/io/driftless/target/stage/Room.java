package io.driftless.target.stage;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.LinuxException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is free on the file system of a volume. Keeps a reserve, so that what is staged can still be
 * renamed into place. Thread-safe.
 */
public final class Room {
  private static final long RESERVE_BYTES_MAX = 16 << 20;
  private static final long RESERVE_SHARE = 64;
  private static final long RESERVE_INODES = 16;
  private static final long LOOK_AFTER_BYTES = 4 << 20;
  private static final long ENTRY_BYTES = 4096;

  private final Fd volume;
  private final AtomicLong sinceLook = new AtomicLong(LOOK_AFTER_BYTES);

  public Room(Fd volume) {
    this.volume = volume;
  }

  /**
   * Asks for room for one more entry. Looks only now and then.
   *
   * @throws NoRoomException if the reserve would be touched
   */
  public void require(long bytes) throws LinuxException, NoRoomException {
    long cost = bytes + ENTRY_BYTES;
    if (sinceLook.addAndGet(cost) < LOOK_AFTER_BYTES) {
      return;
    }
    FileSystem now = volume.fileSystem();
    long missingBytes = bytes + reserve(now) - now.bytesAvailable();
    long missingInodes = now.countsInodes() ? RESERVE_INODES - now.inodesFree() : 0;
    if (missingBytes > 0 || missingInodes > 0) {
      throw new NoRoomException(
          "%d bytes and %d inodes are free".formatted(now.bytesAvailable(), now.inodesFree()),
          Math.max(0, missingBytes),
          Math.max(0, missingInodes));
    }
    sinceLook.set(0);
  }

  /** What a refusal of the kernel means for an entry of this size. Looks before the next entry. */
  public NoRoomException refused(LinuxException refusal, long bytes) {
    sinceLook.set(LOOK_AFTER_BYTES);
    try {
      FileSystem now = volume.fileSystem();
      long missingBytes = Math.max(0, bytes + reserve(now) - now.bytesAvailable());
      long missingInodes = now.countsInodes() ? Math.max(0, RESERVE_INODES - now.inodesFree()) : 0;
      return new NoRoomException(String.valueOf(refusal.getMessage()), missingBytes, missingInodes);
    } catch (LinuxException e) {
      refusal.addSuppressed(e);
      return new NoRoomException(String.valueOf(refusal.getMessage()), 0, 0);
    }
  }

  /** Tells whether a lack of room can't be the file system's. */
  boolean isPlenty() throws LinuxException {
    FileSystem now = volume.fileSystem();
    return now.bytesAvailable() >= reserve(now);
  }

  private static long reserve(FileSystem now) {
    return Math.min(RESERVE_BYTES_MAX, now.blocks() * now.blockBytes() / RESERVE_SHARE);
  }
}
