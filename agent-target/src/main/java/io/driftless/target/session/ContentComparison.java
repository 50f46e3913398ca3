package io.driftless.target.session;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentHash;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * Hashes what is here of files whose metadata doesn't tell whether they are the same. Stateless.
 */
final class ContentComparison {
  /** From here on a file with another time is brought by delta, which compares by itself. */
  private static final long DELTA_BYTES_MIN = 1 << 20;

  /** A longer one is compared segment by segment, even if it has its time. */
  private static final long HASHED_BYTES_MAX = 1 << 30;

  private final ContentHash hash;

  ContentComparison(ContentHash hash) {
    this.hash = hash;
  }

  /** Tells whether it is worth while to compare before the content is asked for. */
  static boolean isFor(Metadata found, Metadata wanted) {
    boolean sameTime = found.modified().equals(wanted.modified());
    return found.sizeBytes() == wanted.sizeBytes()
        && found.sizeBytes() <= (sameTime ? HASHED_BYTES_MAX : DELTA_BYTES_MIN - 1);
  }

  /**
   * What is here; null where it can't be read, or doesn't hold still. Takes as long as the disk's
   * pace wants.
   *
   * @param file null if it is gone
   */
  @Nullable Held held(@Nullable Fd file, int index, FileStatus here) throws InterruptedException {
    try {
      if (file == null || FileVersion.of(file.status()) != FileVersion.of(here)) {
        return null;
      }
      Digest content = hash.of(file, here.size());
      return content == null || FileVersion.of(file.status()) != FileVersion.of(here)
          ? null
          : new Held(index, here.size(), content);
    } catch (LinuxException e) {
      return null; // whoever replaces it says why
    }
  }
}
