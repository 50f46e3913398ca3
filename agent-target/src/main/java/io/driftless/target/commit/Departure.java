package io.driftless.target.commit;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Name;
import org.jspecify.annotations.Nullable;

/**
 * What is about to lose its name. To free a large file takes the kernel long, in memory an eighth
 * of a second for each GiB, and whoever takes its last reference waits for that. So one is held
 * until the name is gone, and then a thread of its own lets go of it.
 */
final class Departure implements AutoCloseable {
  /** Of allocated blocks; whatever is smaller is gone before a thread has started. */
  private static final long BYTES_MIN = 256L << 20;

  private final @Nullable Fd reference;

  private Departure(@Nullable Fd reference) {
    this.reference = reference;
  }

  /** Holds what has this name, if it is a large file. */
  static Departure of(Directory directory, Name name) {
    try {
      FileStatus status = directory.statusIfPresent(name);
      boolean isLarge =
          status != null && status.isRegular() && status.allocatedBytes() >= BYTES_MIN;
      return new Departure(isLarge ? directory.openReference(name) : null);
    } catch (LinuxException e) {
      return new Departure(null); // then it takes as long as it takes
    }
  }

  @Override
  public void close() {
    if (reference != null) {
      Thread.ofPlatform().daemon().name("departure").start(reference::close);
    }
  }
}
