package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Tells where an inode is, as the kernel has it: by a descriptor, or by the handle that fanotify
 * gives. Confined to one thread. Handles need CAP_DAC_READ_SEARCH.
 *
 * <p>A path is absolute and as seen through the mount that is asked; one that ends in {@code
 * (deleted)} may be of something that was deleted, or be called so. It holds for the moment, and is
 * good for comparing with another one of the same mount, never for opening.
 */
public final class PathFinder {
  /** What was found. */
  public enum Answer {
    /** {@link #path} is where it is. */
    FOUND,
    /** {@link #path} is a directory above it, the nearest one whose path can be told. */
    SOMEWHERE_BELOW,
    /** There is no such inode any more. */
    GONE,
    /** It can't be told. */
    UNKNOWN
  }

  private static final byte[] PARENT = {'.', '.'};
  private static final byte[] DELETED = " (deleted)".getBytes(US_ASCII);
  private static final byte[] NOTHING = {};
  private static final int EMPTY_PATH = 0x1000;

  /**
   * What fits into 64 bytes with its header; those of ext4, xfs, btrfs and tmpfs have 40 at most.
   */
  private static final int HANDLE_BYTES_MAX = 56;

  private static final int STEPS_MAX = 20_000;

  private final MemorySegment memory = Arena.ofAuto().allocate(Scratch.PATH_BYTES);
  private byte[] path = {};
  private long inode;

  /** Of an open file or directory. */
  public Answer find(Fd fd) {
    return find(Scratch.ofThisThread(), fd.number());
  }

  /**
   * Of what a handle stands for.
   *
   * @param mount a directory on the same file system; paths are those of its mount
   * @param handle address of a {@code struct file_handle}
   */
  public Answer find(Fd mount, long handle) {
    Scratch scratch = Scratch.ofThisThread();
    long opened = open(scratch, mount, handle);
    if (opened < 0) {
      return notOpened(opened);
    }
    try {
      return find(scratch, opened);
    } finally {
      Kernel.close(scratch, opened);
    }
  }

  /**
   * As {@link #find(Fd, long)}, of a file, which may have several names or none any more.
   *
   * @return {@link Answer#FOUND} with one of its names; {@link Answer#UNKNOWN} where it has names
   *     but none that the kernel has at hand, and then {@link #inode} is its number
   */
  public Answer findFile(Fd mount, long handle) {
    Scratch scratch = Scratch.ofThisThread();
    inode = 0;
    long opened = open(scratch, mount, handle);
    if (opened < 0) {
      return notOpened(opened);
    }
    try {
      FileStatus status = StatusCall.ofDescriptor(scratch, opened);
      if (status == null) {
        return Answer.UNKNOWN;
      }
      inode = status.inode();
      if (status.linkCount() == 0) {
        return Answer.GONE;
      }
      return find(scratch, opened) == Answer.FOUND && leadsToName() ? Answer.FOUND : Answer.UNKNOWN;
    } finally {
      Kernel.close(scratch, opened);
    }
  }

  /**
   * A file that was reached by handle alone is nowhere for the kernel, and then it says {@code /}.
   */
  private boolean leadsToName() {
    int suffixAt = path.length - DELETED.length;
    return path.length > 1
        && (suffixAt < 0
            || Arrays.mismatch(path, suffixAt, path.length, DELETED, 0, DELETED.length) >= 0);
  }

  /** As {@link #findFile(Fd, long)}, of a file that a descriptor refers to, on any mount. */
  Answer findFile(Fd mount, Fd file) {
    Scratch scratch = Scratch.ofThisThread();
    long handle = scratch.small(HANDLE_BYTES_MAX, 0, 0, 0);
    long result =
        Kernel.call(
            scratch,
            SystemCall.NAME_TO_HANDLE_AT,
            file.number(),
            scratch.path(NOTHING),
            handle,
            scratch.struct(),
            EMPTY_PATH);
    return result < 0 ? Answer.UNKNOWN : findFile(mount, handle);
  }

  /**
   * A directory that is just being deleted may still have an inode, but no way up any more: {@code
   * exportfs_decode_fh} passes on that its file system finds no parent.
   */
  private static Answer notOpened(long result) {
    return Errno.ESTALE.is(result) || Errno.ENOENT.is(result) ? Answer.GONE : Answer.UNKNOWN;
  }

  private static long open(Scratch scratch, Fd mount, long handle) {
    return Kernel.call(
        scratch,
        SystemCall.OPEN_BY_HANDLE_AT,
        mount.number(),
        handle,
        OpenFlags.PATH_ONLY | OpenFlags.CLOSE_ON_EXEC);
  }

  private Answer find(Scratch scratch, long number) {
    long result = readLink(scratch, number);
    if (Errno.ENAMETOOLONG.is(result)) {
      return climb(scratch, number);
    }
    return result < 0 ? Answer.UNKNOWN : Answer.FOUND;
  }

  /** The kernel tells no path of more than a page. */
  private Answer climb(Scratch scratch, long from) {
    long at = parentOf(scratch, from);
    for (int steps = 0; at >= 0 && steps < STEPS_MAX; steps++) {
      long result = readLink(scratch, at);
      long above = Errno.ENAMETOOLONG.is(result) ? parentOf(scratch, at) : -1;
      Kernel.close(scratch, at);
      if (result >= 0) {
        return Answer.SOMEWHERE_BELOW;
      }
      at = above;
    }
    if (at >= 0) {
      Kernel.close(scratch, at);
    }
    return Answer.UNKNOWN;
  }

  private static long parentOf(Scratch scratch, long number) {
    return Kernel.call(scratch, SystemCall.OPENAT, number, scratch.path(PARENT), OpenFlags.STEP, 0);
  }

  private long readLink(Scratch scratch, long number) {
    long link = scratch.descriptorPath(number);
    long length =
        Kernel.call(
            scratch,
            SystemCall.READLINKAT,
            Kernel.NO_DIRECTORY,
            link,
            memory.address(),
            Scratch.PATH_BYTES);
    if (length < 0) {
      return length;
    }
    byte[] found = new byte[(int) length];
    MemorySegment.copy(memory, JAVA_BYTE, 0, found, 0, found.length);
    path = found;
    return length;
  }

  /** What the last call found; the caller's own. */
  public byte[] path() {
    return path.clone();
  }

  /** Of the file that {@link #findFile} found; 0 if not even that is known. */
  public long inode() {
    return inode;
  }
}
