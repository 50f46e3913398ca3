package io.driftless.source.watch;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.tree.TreePath;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is written to files without an event, through mappings or asynchronously: looks at the
 * versions of all files of a volume that somebody could write to so. Confined to one thread.
 *
 * <p>A store to a page that is dirty already moves no time of its file. So the pages of a file that
 * has changed are written to the disk before it counts as dirty: later stores will tell again.
 * Where the last stores went before that, the end of the mapping tells, which is an event.
 */
public final class UnnoticedWrites {
  private static final Logger LOG = LoggerFactory.getLogger(UnnoticedWrites.class);

  /** Between two times that a file is written to the disk. */
  private static final long APART_NANOS = Duration.ofSeconds(10).toNanos();

  private final ConfinedRoot root;
  private Map<TreePath, Seen> seen = new HashMap<>();
  private boolean hasFailed;

  public UnnoticedWrites(ConfinedRoot root) {
    this.root = root;
  }

  /**
   * A file as it was found.
   *
   * @param writtenBack when its pages were written to the disk last; monotonic
   * @param isOwed it has changed since
   */
  private record Seen(long version, long writtenBack, boolean isOwed) {}

  /** Makes dirty what has changed since the last look. */
  public void sweep(DirtySet dirty) {
    OpenFiles.InVolume open;
    try {
      open = OpenFiles.look(List.of(root)).volumes().getFirst();
    } catch (LinuxException e) {
      if (!hasFailed) {
        LOG.warn("who writes to files can't be told: {}", e.getMessage());
        hasFailed = true;
      }
      return;
    }
    var now = new HashMap<TreePath, Seen>();
    for (TreePath path : open.paths()) {
      if (path.isRoot()) {
        continue;
      }
      Seen found = look(path, seen.get(path), dirty);
      if (found != null) {
        now.put(path, found);
      }
    }
    seen = now;
  }

  private @Nullable Seen look(TreePath path, @Nullable Seen before, DirtySet dirty) {
    try (Directory directory = root.openIfPresent(path.parent())) {
      FileStatus status = directory == null ? null : directory.statusIfPresent(path.name());
      if (directory == null || status == null || !status.isRegular()) {
        return null;
      }
      long version = FileVersion.of(status);
      long now = System.nanoTime();
      if (before == null) {
        dirty.changed(path.parent(), path.name());
        return new Seen(version, now - APART_NANOS, false);
      }
      boolean isOwed = before.isOwed() || before.version() != version;
      boolean isTime = now - before.writtenBack() >= APART_NANOS;
      if (isOwed && isTime) {
        writeBack(directory, path);
      }
      if (before.version() != version || isOwed && isTime) {
        dirty.closed(path.parent(), path.name());
      } else if (isOwed) {
        dirty.unsettled(path);
      }
      return new Seen(version, isOwed && isTime ? now : before.writtenBack(), isOwed && !isTime);
    } catch (LinuxException e) {
      return null; // gone, or no longer below the root: that makes events
    }
  }

  private static void writeBack(Directory directory, TreePath path) throws LinuxException {
    try (Fd file = directory.openForReading(path.name())) {
      file.syncContent();
    }
  }
}
