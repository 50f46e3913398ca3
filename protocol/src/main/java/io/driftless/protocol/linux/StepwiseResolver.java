package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/**
 * Confines by hand where the kernel can't: one component at a time, none of them followed, each
 * compared with the mount of the root.
 */
final class StepwiseResolver implements Resolver {
  private static final byte[] SELF = {'.'};

  private final Mount mount;

  StepwiseResolver(Mount mount) {
    this.mount = mount;
  }

  @Override
  public long openDirectory(Scratch scratch, long directory, TreePath path, int flags) {
    if (path.isRoot()) {
      return Kernel.call(scratch, SystemCall.OPENAT, directory, scratch.path(SELF), flags, 0);
    }
    long at = directory;
    int depth = 0;
    for (Name name : path.names()) {
      int wanted = ++depth == path.depth() ? flags : OpenFlags.STEP;
      long next = openLeaf(scratch, at, name, wanted, 0);
      if (at != directory) {
        Kernel.close(scratch, at);
      }
      if (next < 0) {
        return next;
      }
      at = next;
    }
    return at;
  }

  @Override
  public long openLeaf(Scratch scratch, long directory, Name name, int flags, int mode) {
    long opened =
        Kernel.call(scratch, SystemCall.OPENAT, directory, scratch.name(name), flags, mode);
    if (opened < 0 || mount.holds(scratch, opened)) {
      return opened;
    }
    Kernel.close(scratch, opened);
    return -Errno.EXDEV.number();
  }
}
