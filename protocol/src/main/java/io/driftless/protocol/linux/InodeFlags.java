package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;

/**
 * Inode flags, as {@code chattr} sets them: the kernel's {@code FS_*_FL}. Which of them exist
 * differs by file system; setting one that doesn't gives EOPNOTSUPP.
 */
public final class InodeFlags {
  /** {@code chattr +c} */
  public static final int COMPRESSED = 0x4;

  /** {@code chattr +S} */
  public static final int SYNCHRONOUS = 0x8;

  /** {@code chattr +i}: nothing can be changed, not even by root. */
  public static final int IMMUTABLE = 0x10;

  /** {@code chattr +a} */
  public static final int APPEND_ONLY = 0x20;

  /** {@code chattr +d} */
  public static final int NO_DUMP = 0x40;

  /** {@code chattr +A} */
  public static final int NO_ACCESS_TIME = 0x80;

  /** {@code chattr +m} */
  public static final int NOT_COMPRESSED = 0x400;

  /** {@code chattr +j} */
  public static final int JOURNALLED_DATA = 0x4000;

  /** {@code chattr +t} */
  public static final int NO_TAIL = 0x8000;

  /** {@code chattr +D} */
  public static final int SYNCHRONOUS_DIRECTORY = 0x10000;

  /** {@code chattr +T} */
  public static final int TOP_DIRECTORY = 0x20000;

  /** {@code chattr +C} */
  public static final int NO_COPY_ON_WRITE = 0x800000;

  /** {@code chattr +x} */
  public static final int DIRECT_ACCESS = 0x2000000;

  /** {@code chattr +P} */
  public static final int INHERITS_PROJECT = 0x20000000;

  /** {@code chattr +F} */
  public static final int CASE_FOLDED = 0x40000000;

  /** What an administrator can set and a replica should have. */
  public static final int SETTABLE =
      COMPRESSED
          | SYNCHRONOUS
          | IMMUTABLE
          | APPEND_ONLY
          | NO_DUMP
          | NO_ACCESS_TIME
          | NOT_COMPRESSED
          | JOURNALLED_DATA
          | NO_TAIL
          | SYNCHRONOUS_DIRECTORY
          | TOP_DIRECTORY
          | NO_COPY_ON_WRITE
          | DIRECT_ACCESS
          | INHERITS_PROJECT
          | CASE_FOLDED;

  private static final int SYMLINK_NOFOLLOW = 0x100;
  private static final int FILE_ATTRIBUTES_BYTES = 24;

  private InodeFlags() {}

  /**
   * Without opening the entry where that tells all: file_getattr speaks of {@code FS_XFLAG_*}, the
   * language of xfs. Of ext4's and btrfs' flags it knows a part only.
   */
  static int ofLeaf(Directory directory, KernelFeatures features, Name name, Kind kind)
      throws LinuxException {
    if (features.flagsOfLeaf() && isToldByName(directory.fileSystemType(), kind)) {
      return byName(directory, name);
    }
    try (Fd file = directory.openForReading(name)) {
      return file.inodeFlags();
    }
  }

  private static boolean isToldByName(long type, Kind kind) {
    return type == FileSystem.XFS || type == FileSystem.TMPFS && kind == Kind.REGULAR;
  }

  private static int byName(Directory directory, Name name) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result =
        Kernel.call(
            scratch,
            SystemCall.FILE_GETATTR,
            directory.fd().number(),
            scratch.name(name),
            scratch.struct(),
            FILE_ATTRIBUTES_BYTES,
            SYMLINK_NOFOLLOW);
    if (isUnknown(result)) {
      return 0;
    }
    if (result < 0) {
      throw directory.failure(SystemCall.FILE_GETATTR, result, name);
    }
    return ofExtended(scratch.structLong(0));
  }

  /** The file system has no flags, which is as good as none set. */
  static boolean isUnknown(long result) {
    return Errno.EOPNOTSUPP.is(result) || Errno.ENOTTY.is(result) || Errno.EINVAL.is(result);
  }

  /** The kernel's own translation. */
  static int ofExtended(long extended) {
    int flags = 0;
    flags |= (extended & 0x08) != 0 ? IMMUTABLE : 0;
    flags |= (extended & 0x10) != 0 ? APPEND_ONLY : 0;
    flags |= (extended & 0x20) != 0 ? SYNCHRONOUS : 0;
    flags |= (extended & 0x40) != 0 ? NO_ACCESS_TIME : 0;
    flags |= (extended & 0x80) != 0 ? NO_DUMP : 0;
    flags |= (extended & 0x200) != 0 ? INHERITS_PROJECT : 0;
    flags |= (extended & 0x8000) != 0 ? DIRECT_ACCESS : 0;
    return flags;
  }
}
