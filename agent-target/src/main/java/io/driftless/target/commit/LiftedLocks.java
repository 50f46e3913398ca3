package io.driftless.target.commit;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Name;
import io.driftless.target.stage.Clearing;
import java.util.ArrayList;
import java.util.List;

/**
 * Inodes whose flags refused that one of their names be renamed or replaced. Those that live on,
 * under whatever name, get their flags back when this is closed. Confined to one thread.
 */
final class LiftedLocks implements AutoCloseable {
  private final List<Lifted> lifted = new ArrayList<>();

  private record Lifted(Fd inode, int flags) {}

  /** Lifts the flags of an entry, if it has any. */
  void lift(Directory in, Name name) throws LinuxException {
    FileStatus status = in.statusIfPresent(name);
    if (status == null || (!status.isDirectory() && !status.isRegular())) {
      return;
    }
    Fd inode = in.openForReading(name);
    boolean locked = false;
    try {
      int flags = Clearing.unlock(inode);
      locked = (flags & InodeFlags.LOCKING) != 0;
      if (locked) {
        lifted.add(new Lifted(inode, flags));
      }
    } finally {
      if (!locked) {
        inode.close();
      }
    }
  }

  @Override
  public void close() throws LinuxException {
    LinuxException failure = null;
    for (Lifted each : lifted.reversed()) {
      try (Fd inode = each.inode) {
        if (inode.status().linkCount() > 0) {
          inode.setInodeFlags(each.flags);
        }
      } catch (LinuxException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
