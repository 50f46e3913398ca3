package io.driftless.protocol.listing;

import io.driftless.protocol.linux.FileStatus;

/**
 * The version token of an entry: what tells two states of a file apart without reading it.
 *
 * <p>Its lowest bit is no part of it: a source sets it where it can't promise that every later
 * change leads to another version, because the last one is too fresh. Such a version tells what has
 * changed, but proves nothing by being the same.
 */
public final class FileVersion {
  private static final long YOUNG = 1;

  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private FileVersion() {}

  /**
   * Inode, time of birth, size, mode, owner, group, mtime and ctime, mixed into 64 bits; never 0,
   * and not young.
   *
   * <p>Not the device: its number may differ after a reboot, and a volume has only one.
   */
  public static long of(FileStatus status) {
    long version = mixed(0, status.inode());
    version = mixed(version, birth(status));
    version = mixed(version, status.size());
    version = mixed(version, (long) status.kind().code() << 12 | status.permissions());
    version = mixed(version, (long) status.uid() << 32 | Integer.toUnsignedLong(status.gid()));
    version = mixed(version, status.modifiedSeconds());
    version = mixed(version, status.changeSeconds());
    version = mixed(version, (long) status.modifiedNanos() << 32 | status.changeNanos());
    version &= ~YOUNG;
    return version == 0 ? 2 : version;
  }

  /** A version that proves nothing if it is met again. */
  public static long young(long version) {
    return version | YOUNG;
  }

  public static boolean isYoung(long version) {
    return (version & YOUNG) != 0;
  }

  /** The version as {@link #of} has it. */
  public static long plain(long version) {
    return version & ~YOUNG;
  }

  /** Tells an inode from one that had its number before, as a generation would. */
  private static long birth(FileStatus status) {
    return status.hasBirthTime() ? status.birthSeconds() * 1_000_000_000 + status.birthNanos() : 0;
  }

  private static long mixed(long version, long value) {
    long sum = (version ^ value) * MULTIPLIER;
    sum = (sum ^ sum >>> 32) * 0xD6E8_FEB8_6659_FD93L;
    return sum ^ sum >>> 29;
  }
}
