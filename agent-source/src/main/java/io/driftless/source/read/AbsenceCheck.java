package io.driftless.source.read;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for names that a listing left out, before they vanish from the target. Says "absent" only
 * of what it could look for and did not find: an error, another file system or a symbolic link on
 * the way make it say nothing. Thread-safe.
 */
public final class AbsenceCheck {
  private final ConfinedRoot root;
  private final Gone gone;
  private final long device;

  /**
   * For the volume with this root.
   *
   * @param gone what counts as absent although it is there
   * @throws LinuxException if the root is out of order
   */
  public AbsenceCheck(ConfinedRoot root, Gone gone) throws LinuxException {
    this.root = root;
    this.gone = gone;
    this.device = root.fd().status().device();
  }

  /** Whether an entry that is there counts as absent. */
  @FunctionalInterface
  public interface Gone {
    boolean is(TreePath directory, Name name, Kind kind);
  }

  /** Positions, ascending, of the names that are not in the directory. */
  public List<Integer> absent(TreePath path, List<Name> names) {
    var absent = new ArrayList<Integer>();
    try (Directory directory = root.openIfPresent(path)) {
      if (directory != null && directory.fd().status().device() != device) {
        return List.of();
      }
      for (int i = 0; i < names.size(); i++) {
        if (directory == null || isAbsent(directory, path, names.get(i))) {
          absent.add(i);
        }
      }
      // Another directory that took the place meanwhile may have what this one lacks.
      return isStillThere(path, directory) ? absent : List.of();
    } catch (LinuxException e) {
      return List.of();
    }
  }

  private boolean isStillThere(TreePath path, @Nullable Directory seen) throws LinuxException {
    try (Directory now = root.openIfPresent(path)) {
      if (now == null || seen == null) {
        return now == null && seen == null;
      }
      FileStatus status = now.fd().status();
      FileStatus before = seen.fd().status();
      return status.inode() == before.inode() && status.device() == before.device();
    }
  }

  private boolean isAbsent(Directory directory, TreePath path, Name name) {
    try {
      FileStatus status = directory.statusIfPresent(name);
      return status == null || gone.is(path, name, status.kind());
    } catch (LinuxException e) {
      return false;
    }
  }
}
