package io.driftless.target.commit;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.stage.Clearing;
import io.driftless.target.stage.ProblemSink;
import io.driftless.target.stage.StagingArea;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes entries out of the volume that the source has no longer. A directory goes with one rename
 * into the stage and is cleared away there; one that holds what must stay is pruned. Directories
 * keep their times. Confined to one thread; no epoch may be committed meanwhile.
 */
public final class Removal {
  private final ConfinedRoot root;
  private final StagingArea area;
  private final SliceComparer comparer;
  private final Exclusions exclusions;
  private final ProblemSink problems;

  public Removal(
      ConfinedRoot root,
      StagingArea area,
      SliceComparer comparer,
      Exclusions exclusions,
      ProblemSink problems) {
    this.root = root;
    this.area = area;
    this.comparer = comparer;
    this.exclusions = exclusions;
    this.problems = problems;
  }

  /**
   * Removes names from a directory, with all that is below them.
   *
   * @return how many entries are gone
   */
  public long remove(TreePath path, List<Name> names) throws IOException {
    if (!path.isRoot()) {
      return removeFrom(path, names);
    }
    area.rootTimes().lock();
    try {
      return removeFrom(path, names);
    } finally {
      area.rootTimes().unlock();
    }
  }

  private long removeFrom(TreePath path, List<Name> names) throws IOException {
    var clearing = new Clearing(area);
    try (Directory directory = comparer.openIfDirectory(path)) {
      if (directory == null) {
        return 0;
      }
      FileStatus before = directory.fd().status();
      int flags = Clearing.unlock(directory.fd());
      try {
        for (Name name : names) {
          remove(directory, path.resolve(name), clearing);
        }
      } finally {
        Placement.putBack(directory, before, flags);
      }
    } catch (ConfinementException e) {
      problems.add(path, "mount-in-the-way", String.valueOf(e.getMessage()));
    }
    return clearing.removed();
  }

  private void remove(Directory from, TreePath path, Clearing clearing) throws IOException {
    try {
      FileStatus status = from.statusIfPresent(path.name());
      if (status == null || exclusions.in(path.parent()).excludes(path.name(), status.kind())) {
        return;
      }
      if (status.isDirectory() && comparer.subtreeOfDirectory(path).holdsWhatStays()) {
        prune(path, clearing);
      } else {
        clearing.take(from, path.name());
      }
    } catch (ConfinementException e) {
      problems.add(path, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      refuse(path, e);
    }
  }

  private void refuse(TreePath path, LinuxException e) throws LinuxException {
    switch (e.errno()) {
      case EBUSY, EXDEV, EROFS, ENOTEMPTY ->
          problems.add(path, "mount-in-the-way", e.errno().text());
      case EPERM, EACCES -> problems.add(path, "not-permitted", e.errno().text());
      default -> throw e;
    }
  }

  /** Removes what may go, deepest first, and leaves the directories above what stays. */
  private void prune(TreePath top, Clearing clearing) throws IOException {
    var parentsFirst = new ArrayDeque<TreePath>();
    var open = new ArrayDeque<TreePath>();
    open.add(top);
    while (!open.isEmpty()) {
      TreePath path = open.remove();
      parentsFirst.push(path);
      try (Directory directory = root.openIfPresent(path)) {
        if (directory != null && directory.fd().status().device() == root.fd().status().device()) {
          Clearing.unlock(directory.fd());
          pruneIn(directory, path, open, clearing);
        }
      } catch (ConfinementException e) {
        // Something is mounted there, and stays.
      }
    }
    for (TreePath path : parentsFirst) {
      removeIfEmpty(path, clearing);
    }
  }

  private void pruneIn(
      Directory directory, TreePath path, ArrayDeque<TreePath> open, Clearing clearing)
      throws IOException {
    Exclusions.InDirectory excluded = exclusions.in(path);
    var names = new ArrayList<Name>();
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        names.add(entries.name());
      }
    }
    for (Name name : names) {
      FileStatus status = directory.statusIfPresent(name);
      if (status == null || excluded.excludes(name, status.kind()) || status.isMountRoot()) {
        continue;
      }
      if (status.kind() == Kind.DIRECTORY) {
        open.add(path.resolve(name));
        continue;
      }
      try {
        clearing.removeFile(directory, name);
      } catch (LinuxException e) {
        refuse(path.resolve(name), e);
      }
    }
  }

  /** Removes a directory unless something is in it. */
  private void removeIfEmpty(TreePath path, Clearing clearing) throws IOException {
    try (Directory above = root.openIfPresent(path.parent())) {
      if (above != null) {
        clearing.takeEmpty(above, path.name());
      }
    } catch (ConfinementException e) {
      // Something is mounted there, and stays.
    } catch (LinuxException e) {
      switch (e.errno()) {
        case ENOTEMPTY, EEXIST, EBUSY, EPERM, EACCES, ENOENT, ENOTDIR -> {}
        default -> throw e;
      }
    }
  }
}
