package io.driftless.target.commit;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.stage.Clearing;
import io.driftless.target.stage.MetadataWriter;
import io.driftless.target.stage.StagingArea;
import java.io.IOException;

/**
 * Renames a directory of the volume, with one call, to a name that nothing has; the directories
 * that held and hold it keep their times. Confined to one thread; no epoch may be committed
 * meanwhile.
 */
public final class DirectoryRename {
  private final ConfinedRoot root;
  private final StagingArea area;
  private final SliceComparer comparer;
  private final MetadataWriter writer;

  public DirectoryRename(
      ConfinedRoot root, StagingArea area, SliceComparer comparer, MetadataWriter writer) {
    this.root = root;
    this.area = area;
    this.comparer = comparer;
    this.writer = writer;
  }

  /**
   * Renames.
   *
   * @return false if there is no such directory, or something has the new name
   */
  public boolean rename(TreePath from, TreePath to) throws IOException {
    area.rootTimes().lock();
    try (Directory out = comparer.openIfDirectory(from.parent());
        Directory into = comparer.openIfDirectory(to.parent())) {
      FileStatus status = out == null ? null : out.statusIfPresent(from.name());
      if (out == null || into == null || status == null || !status.isDirectory()) {
        return false;
      }
      long device = root.fd().status().device();
      boolean isOurs = status.device() == device && !status.isMountRoot();
      return isOurs
          && into.fd().status().device() == device
          && into.statusIfPresent(to.name()) == null
          && rename(out, from, into, to);
    } finally {
      area.rootTimes().unlock();
    }
  }

  private boolean rename(Directory out, TreePath from, Directory into, TreePath to)
      throws IOException {
    FileStatus outBefore = out.fd().status();
    FileStatus intoBefore = into.fd().status();
    int outFlags = Clearing.unlock(out.fd());
    int intoFlags = from.parent().equals(to.parent()) ? outFlags : Clearing.unlock(into.fd());
    try {
      if (writer.isBoundByModes()) {
        Clearing.grant(out.fd());
        Clearing.grant(into.fd());
      }
      try (Directory moved = out.openChild(from.name())) {
        Clearing.unlock(moved.fd()); // comparing it sets its flags and permissions again
        if (writer.isBoundByModes()) {
          Clearing.grant(moved.fd());
        }
      }
      out.rename(from.name(), into, to.name(), RenameMode.KEEP);
      return true;
    } catch (LinuxException e) {
      if (e.errno() == Errno.EEXIST) {
        return false;
      }
      throw e;
    } finally {
      Placement.putBack(into, intoBefore, intoFlags);
      Placement.putBack(out, outBefore, outFlags);
    }
  }
}
