package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.DirectoryRename;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.Subtree;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Renames directories of the volume as a whole. What could not be renamed stays as it is, and is
 * deleted and transferred anew like everything else. Run by the thread of the pass while nothing is
 * under way.
 */
final class DirectoryMover {
  private final PassParts pass;
  private final DirectoryRename rename;

  DirectoryMover(PassParts pass) {
    this.pass = pass;
    this.rename = new DirectoryRename(pass.root(), pass.area(), pass.comparer(), pass.writer());
  }

  /**
   * Looks through a directory that is to be renamed.
   *
   * @return all of it, or null if it had better stay
   */
  @Nullable Subtree look(TreePath from, TreePath to) throws IOException {
    try {
      Subtree subtree = pass.comparer().subtreeOfDirectory(from);
      boolean stays =
          subtree.holdsWhatStays()
              || isExcluded(from)
              || isExcluded(to)
              || wouldBeExcluded(from, to);
      return stays ? null : subtree;
    } catch (LinuxException e) {
      if (EntryRefusal.reasonOf(e) == null && !e.isAbsent()) {
        throw e;
      }
      return null;
    }
  }

  /** Renames a directory; false if it can't be done. */
  boolean move(TreePath from, TreePath to, Subtree subtree) throws IOException {
    try {
      if (!rename.rename(from, to)) {
        return false;
      }
      pass.relocations().done(from, to);
      pass.extras().moved(from, subtree);
      pass.tally().before(-subtree.entriesBelow(), -subtree.filesBelow());
      pass.tally().renamed.add(subtree.files());
      return true;
    } catch (ConfinementException e) {
      return false;
    } catch (LinuxException e) {
      if (EntryRefusal.reasonOf(e) == null && !e.isNoRoom() && !e.isAbsent()) {
        throw e;
      }
      return false;
    }
  }

  private boolean isExcluded(TreePath path) {
    for (TreePath at = path; !at.isRoot(); at = at.parent()) {
      if (pass.exclusions().in(at.parent()).excludes(at.name(), Kind.DIRECTORY)) {
        return true;
      }
    }
    return false;
  }

  /** Something in it would not belong to the volume at its new place. */
  private boolean wouldBeExcluded(TreePath from, TreePath to) throws LinuxException {
    var open = new ArrayDeque<Pair>();
    open.push(new Pair(from, to));
    while (!open.isEmpty()) {
      Pair pair = open.pop();
      Exclusions.InDirectory excluded = pass.exclusions().in(pair.to);
      try (Directory directory = pass.comparer().openIfDirectory(pair.from)) {
        if (directory == null) {
          return true;
        }
        try (DirectoryEntries entries = directory.entries()) {
          while (entries.next()) {
            Name name = entries.name();
            Kind kind = entries.kind() != null ? entries.kind() : directory.status(name).kind();
            if (excluded.excludes(name, kind)) {
              return true;
            }
            if (kind == Kind.DIRECTORY) {
              open.push(new Pair(pair.from.resolve(name), pair.to.resolve(name)));
            }
          }
        }
      }
    }
    return false;
  }

  private record Pair(TreePath from, TreePath to) {}
}
