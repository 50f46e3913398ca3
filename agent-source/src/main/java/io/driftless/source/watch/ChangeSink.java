package io.driftless.source.watch;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/**
 * Where something in a volume may have changed. Hints only: the truth is what is read.
 *
 * <p>Called by the one thread that drains all queues: must neither block nor call the {@link
 * Watcher}. Paths are relative to the volume's root; filters were not applied.
 *
 * <p>A path is where the directory was when its event was looked at, which may be after a later
 * change. If it is somewhere else by now, a {@link #renamed} of it or of a directory above it
 * follows: whoever keeps hints must, when a directory is renamed, let those below {@code from}
 * count below {@code to}, and keep those that were below {@code to} already.
 */
public interface ChangeSink {
  /** An entry came, went, or is another one; its content or its metadata changed. */
  void changed(TreePath directory, Name name);

  /** As {@link #changed}, and whoever writes to it, or has made it, may still have it open. */
  void writing(TreePath directory, Name name);

  /** As {@link #changed}, and somebody who could write to it has closed it. */
  void closed(TreePath directory, Name name);

  /**
   * An entry has moved within the volume. Where two were exchanged, two of these come. If it is a
   * directory, what is below it came along, and none of that is told of.
   */
  void renamed(TreePath fromDirectory, Name from, TreePath toDirectory, Name to);

  /**
   * As {@link #changed}, and if it is a directory everything below it has to be looked at, be it
   * there or only believed to be there: it was made anew, perhaps where another one was, or came
   * with what is in it.
   */
  void appeared(TreePath directory, Name name);

  /** The metadata of a directory itself changed; of the root, too. */
  void changedDirectory(TreePath directory);

  /**
   * A file changed whose name isn't known, for example through NFS, or one that has lost the name
   * by which it was opened and still has others. It may lie outside the volume.
   *
   * @param inode its number
   */
  void changedInode(long inode);

  /** Anything may have changed: look at all of it. */
  void inDoubt(String reason);
}
