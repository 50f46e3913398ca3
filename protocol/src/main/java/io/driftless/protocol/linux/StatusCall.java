package io.driftless.protocol.linux;

import org.jspecify.annotations.Nullable;

/** {@code statx} on an open descriptor and on an entry of a directory. */
final class StatusCall {
  private static final int SYMLINK_NOFOLLOW = 0x100;
  private static final int NO_AUTOMOUNT = 0x800;
  private static final int EMPTY_PATH = 0x1000;
  private static final byte[] NOTHING = {};

  private StatusCall() {}

  /** Fills the thread's memory; returns 0 or a negated errno. */
  static long fill(Scratch scratch, long directory, long name) {
    return Kernel.call(
        scratch,
        SystemCall.STATX,
        directory,
        name,
        SYMLINK_NOFOLLOW | NO_AUTOMOUNT,
        FileStatus.WANTED,
        scratch.struct());
  }

  static long fill(Scratch scratch, long descriptor) {
    return Kernel.call(
        scratch,
        SystemCall.STATX,
        descriptor,
        scratch.path(NOTHING),
        EMPTY_PATH | NO_AUTOMOUNT,
        FileStatus.WANTED,
        scratch.struct());
  }

  static @Nullable FileStatus ofDescriptor(Scratch scratch, long descriptor) {
    return fill(scratch, descriptor) < 0 ? null : new FileStatus(scratch);
  }
}
