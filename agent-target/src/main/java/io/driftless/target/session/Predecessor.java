package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * A file that the new version of a file may build on: what is at its path, or what seems to have
 * been it under another name.
 *
 * @param seen when it was decided
 */
record Predecessor(TreePath path, FileStatus seen) {
  /** What is at a path, if anything was seen there. */
  static @Nullable Predecessor of(TreePath path, @Nullable FileStatus seen) {
    return seen == null ? null : new Predecessor(path, seen);
  }

  /** Looks under another name; null where nothing is, or nobody may look. */
  static @Nullable Predecessor find(PassParts pass, TreePath path) throws LinuxException {
    try (Directory directory = pass.comparer().openIfDirectory(path.parent())) {
      return of(path, directory == null ? null : directory.statusIfPresent(path.name()));
    } catch (ConfinementException e) {
      return null;
    } catch (LinuxException e) {
      if (EntryRefusal.reasonOf(e) == null) {
        throw e;
      }
      return null;
    }
  }
}
