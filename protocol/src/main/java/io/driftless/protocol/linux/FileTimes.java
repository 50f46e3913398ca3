package io.driftless.protocol.linux;

/** The two times of an inode that can be set, seconds since 1970 (negative before) and nanos. */
public record FileTimes(
    long accessSeconds, int accessNanos, long modifiedSeconds, int modifiedNanos) {
  private static final int OMIT = 0x3ffffffe;

  public FileTimes {
    check(accessNanos);
    check(modifiedNanos);
  }

  /** What to set so that the times are again as {@code status} has them. */
  public static FileTimes of(FileStatus status) {
    return new FileTimes(
        status.accessSeconds(),
        status.accessNanos(),
        status.modifiedSeconds(),
        status.modifiedNanos());
  }

  /** Sets the time of the last modification and leaves that of the last access alone. */
  public static FileTimes modified(long seconds, int nanos) {
    return new FileTimes(0, OMIT, seconds, nanos);
  }

  private static void check(int nanos) {
    if ((nanos < 0 || nanos > 999_999_999) && nanos != OMIT) {
      throw new IllegalArgumentException("nanos must be in 0..999999999: " + nanos);
    }
  }

  /** Address of two {@code struct timespec}. */
  long in(Scratch scratch) {
    return scratch.small(accessSeconds, accessNanos, modifiedSeconds, modifiedNanos);
  }
}
