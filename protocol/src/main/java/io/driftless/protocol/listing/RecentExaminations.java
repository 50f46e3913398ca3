package io.driftless.protocol.listing;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.listing.FileExaminer.Held;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What files with several names were found to hold lately, so that not every name costs a reading.
 * Thread-safe.
 */
public final class RecentExaminations {
  private static final int KEPT_MAX = 16 * 1024;

  private final Map<Long, Held> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Held> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /** What a file in this very state holds, or null if that is not known. */
  public @Nullable Held find(FileStatus status) {
    if (status.linkCount() < 2) {
      return null;
    }
    long version = FileVersion.of(status);
    synchronized (kept) {
      return kept.get(version);
    }
  }

  public void add(Held held) {
    if (held.version() != 0 && held.status().linkCount() > 1) {
      synchronized (kept) {
        kept.put(held.version(), held);
      }
    }
  }
}
