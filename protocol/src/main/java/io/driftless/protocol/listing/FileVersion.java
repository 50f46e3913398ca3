package io.driftless.protocol.listing;

import io.driftless.protocol.linux.FileStatus;

/** The version token of an entry: what tells two states of a file apart without reading it. */
public final class FileVersion {
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private FileVersion() {}

  /** Device, inode, size, mtime and ctime, mixed into 64 bits; never 0. */
  public static long of(FileStatus status) {
    long version = mixed(0, status.device());
    version = mixed(version, status.inode());
    version = mixed(version, status.size());
    version = mixed(version, status.modifiedSeconds());
    version = mixed(version, status.changeSeconds());
    version = mixed(version, (long) status.modifiedNanos() << 32 | status.changeNanos());
    return version == 0 ? 1 : version;
  }

  private static long mixed(long version, long value) {
    long sum = (version ^ value) * MULTIPLIER;
    sum = (sum ^ sum >>> 32) * 0xD6E8_FEB8_6659_FD93L;
    return sum ^ sum >>> 29;
  }
}
