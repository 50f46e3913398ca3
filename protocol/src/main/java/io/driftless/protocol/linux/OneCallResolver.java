package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/** Lets the kernel confine: openat2. Paths beyond PATH_MAX go in several calls. */
final class OneCallResolver implements Resolver {
  private static final int NO_XDEV = 0x01;
  private static final int NO_MAGICLINKS = 0x02;
  private static final int NO_SYMLINKS = 0x04;
  private static final int BENEATH = 0x08;
  private static final int CONFINED = NO_XDEV | NO_MAGICLINKS | NO_SYMLINKS | BENEATH;

  private static final int HOW_BYTES = 24;
  private static final int ATTEMPTS_MAX = 16;
  private static final byte[] SELF = {'.'};

  @Override
  public long openDirectory(Scratch scratch, long directory, TreePath path, int flags) {
    if (path.isRoot()) {
      return open(scratch, directory, scratch.path(SELF), flags, 0);
    }
    byte[] bytes = path.toBytes();
    if (bytes.length < Scratch.PATH_BYTES) {
      return open(scratch, directory, scratch.path(bytes), flags, 0);
    }
    return openInParts(scratch, directory, bytes, flags);
  }

  private static long openInParts(Scratch scratch, long directory, byte[] path, int flags) {
    long at = directory;
    int start = 0;
    while (true) {
      int end = endOfPart(path, start);
      boolean isLast = end == path.length;
      long part = scratch.path(path, start, end - start);
      long next = open(scratch, at, part, isLast ? flags : OpenFlags.STEP, 0);
      if (at != directory) {
        Kernel.close(scratch, at);
      }
      if (next < 0 || isLast) {
        return next;
      }
      at = next;
      start = end + 1;
    }
  }

  /** The last slash within reach; there is one, since no name is as long as PATH_MAX. */
  private static int endOfPart(byte[] path, int start) {
    if (path.length - start < Scratch.PATH_BYTES) {
      return path.length;
    }
    int end = start + Scratch.PATH_BYTES - 1;
    while (path[end] != '/') {
      end--;
    }
    return end;
  }

  @Override
  public long openLeaf(Scratch scratch, long directory, Name name, int flags, int mode) {
    return open(scratch, directory, scratch.name(name), flags, mode);
  }

  /** EAGAIN: a rename elsewhere came between, the kernel could not tell whether it mattered. */
  private static long open(Scratch scratch, long directory, long path, int flags, int mode) {
    long how = scratch.small(flags, mode, CONFINED, 0);
    long result;
    int attempts = 0;
    do {
      result = Kernel.call(scratch, SystemCall.OPENAT2, directory, path, how, HOW_BYTES);
    } while (Errno.EAGAIN.is(result) && ++attempts < ATTEMPTS_MAX);
    return result;
  }
}
