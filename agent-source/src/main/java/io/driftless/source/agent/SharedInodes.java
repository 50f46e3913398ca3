package io.driftless.source.agent;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.TreePath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files with several names of which one is dirty: the others have changed with it, and nobody
 * was told of them. Looked up when it is first asked for. Not thread-safe.
 */
final class SharedInodes {
  private final ConfinedRoot root;
  private final List<TreePath> dirty;
  private @Nullable Set<Inode> inodes;

  SharedInodes(ConfinedRoot root, List<TreePath> dirty) {
    this.root = root;
    this.dirty = dirty;
  }

  private record Inode(long device, long number) {}

  /** Whether an entry is another name of something dirty. */
  boolean contain(TreePath path) {
    Inode inode = inodeOf(path);
    return inode != null && found().contains(inode);
  }

  private Set<Inode> found() {
    Set<Inode> known = inodes;
    if (known == null) {
      known = new HashSet<>();
      for (TreePath path : dirty) {
        Inode inode = inodeOf(path);
        if (inode != null) {
          known.add(inode);
        }
      }
      inodes = known;
    }
    return known;
  }

  /** The inode at a path that has several names, or null. */
  private @Nullable Inode inodeOf(TreePath path) {
    if (path.isRoot()) {
      return null;
    }
    try (Directory directory = root.openIfPresent(path.parent())) {
      FileStatus status = directory == null ? null : directory.statusIfPresent(path.name());
      return status == null || status.isDirectory() || status.linkCount() < 2
          ? null
          : new Inode(status.device(), status.inode());
    } catch (LinuxException e) {
      return null; // it can't be reached, so nothing was read of it
    }
  }
}
