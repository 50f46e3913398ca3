package io.driftless.target.commit;

import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import org.jspecify.annotations.Nullable;

/** What a single rename brings into place. */
public sealed interface Unit {
  /** Where it belongs. */
  TreePath path();

  /** Which directory of the staging area it lies in. */
  enum Shelf {
    STAGE,
    PARTS
  }

  /**
   * Anything but a directory.
   *
   * @param flags inode flags that it shall have; those that refuse every later change are set once
   *     it is in place
   * @param isLink a further name of an inode that is in the volume already
   */
  record StagedEntry(TreePath path, Shelf shelf, Name staged, int flags, boolean isLink)
      implements Unit {
    boolean locks() {
      return (flags & InodeFlags.LOCKING) != 0;
    }
  }

  /**
   * A regular file of the volume that gets another name.
   *
   * @param from where it is now
   * @param inode that it has, or it is left alone
   * @param flags as those of a {@link StagedEntry}
   */
  record MovedFile(TreePath path, TreePath from, long inode, int flags) implements Unit {
    boolean locks() {
      return (flags & InodeFlags.LOCKING) != 0;
    }
  }

  /** A directory with entries of its own in it, none of them directories. */
  final class NewDirectory implements Unit {
    private final TreePath path;
    private final Name staged;
    private @Nullable Metadata self;
    private boolean sealed;

    NewDirectory(TreePath path, Name staged) {
      this.path = path;
      this.staged = staged;
    }

    @Override
    public TreePath path() {
      return path;
    }

    public Name staged() {
      return staged;
    }

    /** What the directory itself shall be like; without it, it stays closed to others. */
    public synchronized void describe(Metadata metadata) {
      self = metadata;
    }

    synchronized @Nullable Metadata self() {
      return self;
    }

    synchronized boolean isSealed() {
      return sealed;
    }

    synchronized void seal() {
      sealed = true;
    }
  }
}
