package io.driftless.target.commit;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.NoRoomException;
import java.io.IOException;
import java.util.List;

/** Hears what becomes of epochs, on the committer's thread. */
public interface CommitListener {
  /** Everything in this epoch survives a power cut. */
  void durable(long epoch, long entries, long bytes);

  /** The disk failed: nothing is known of these entries. */
  void poisoned(long epoch, List<TreePath> entries, IOException failure);

  /** A large file has got its place, and this status by that. */
  void placed(TreePath path, FileStatus status);

  /** So many entries of the target had to go because another kind took their place. */
  void removed(long entries);

  /**
   * Waits for room while something is brought into place.
   *
   * @throws InterruptedException if nobody wants it any more
   */
  void awaitRoom(NoRoomException lack) throws InterruptedException;

  /** Room was found after all. */
  void roomFound();

  /** What an error of renaming means for room; see {@code Room}. */
  NoRoomException lackOf(LinuxException refusal);

  /** The committer can't go on. */
  void failed(Exception failure);
}
