package io.driftless.protocol.linux;

/** Flags of {@code open}. The kernel's own, not libc's. */
final class OpenFlags {
  static final int READ_ONLY = 0;
  static final int READ_WRITE = 2;
  static final int CREATE = 0x40;
  static final int EXCLUSIVE = 0x80;
  static final int NON_BLOCKING = 0x800;
  static final int DIRECTORY = Machine.IS_ARM ? 0x4000 : 0x10000;
  static final int NO_FOLLOW = Machine.IS_ARM ? 0x8000 : 0x20000;
  static final int NO_ACCESS_TIME = 0x40000;
  static final int CLOSE_ON_EXEC = 0x80000;
  static final int PATH_ONLY = 0x200000;
  static final int UNNAMED = 0x400000 | DIRECTORY;

  /** A directory as a step on the way: needs search permission only. */
  static final int STEP = PATH_ONLY | DIRECTORY | NO_FOLLOW | CLOSE_ON_EXEC;

  private OpenFlags() {}
}
