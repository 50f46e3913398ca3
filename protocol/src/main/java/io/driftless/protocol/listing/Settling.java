package io.driftless.protocol.listing;

import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * The time that a state of a file needs until a version tells it from the next one.
 *
 * <p>Kernels before 6.13 stamp changes with the time of their last tick: two writes within one tick
 * look alike. So a state whose ctime is younger than a tick or two may still change unnoticed.
 * Later ones need no time, on most file systems: see {@link FineTimes}.
 */
public final class Settling {
  /** Five times the tick of kernels that run at 250 Hz, twice that at 100 Hz. */
  private static final Duration TIME = Duration.ofMillis(20);

  private static final long NANOS = TIME.toNanos();

  /** File systems without fractions of seconds may count by twos. */
  private static final long WHOLE_SECONDS_NANOS = Duration.ofSeconds(2).toNanos();

  /** The clock is asked for milliseconds: a sleep of the rest alone may end within the last one. */
  private static final long CLOCK_STEP_NANOS = Duration.ofMillis(1).toNanos();

  private Settling() {}

  /**
   * For how long this state may yet change unnoticed, counted from a moment of the wall clock; 0
   * for a settled one. A ctime from the future belongs to a clock that was set back: it is settled.
   *
   * @param status of the file, as the kernel told it
   */
  public static long nanosLeft(Fd file, FileStatus status, long epochMillis) throws LinuxException {
    long nanos = nanosLeft(status, epochMillis);
    return nanos == 0 || FineTimes.areOf(file) ? 0 : nanos;
  }

  private static long nanosLeft(FileStatus status, long epochMillis) {
    long millis = epochMillis - status.changeSeconds() * 1000;
    if (millis < -1000 || millis > 2000) {
      return 0;
    }
    long ageNanos = millis * 1_000_000 - status.changeNanos();
    if (ageNanos >= NANOS || ageNanos < -NANOS) {
      return 0;
    }
    return NANOS - ageNanos;
  }

  /**
   * Tells whether every change after a moment gives this state another ctime, so that what is known
   * of it stays true as long as its version stays the same.
   *
   * <p>That takes a ctime that the kernel's clock had left behind by then. A time without fractions
   * comes from a file system that keeps whole seconds. One from the future belongs to a clock that
   * was set back and may come to the same time again.
   *
   * @param epochMillis the wall clock before the state was read
   */
  public static boolean isDistinct(FileStatus status, long epochMillis) {
    long secondsAgo = epochMillis / 1000 - status.changeSeconds();
    if (secondsAgo > 3) {
      return true;
    }
    if (secondsAgo < -1) {
      return false;
    }
    long ageNanos =
        (epochMillis - status.changeSeconds() * 1000) * 1_000_000 - status.changeNanos();
    return ageNanos >= NANOS + (status.changeNanos() == 0 ? WHOLE_SECONDS_NANOS : 0);
  }

  /**
   * Waits, at most once for the time that a state needs, and looks again if it had to.
   *
   * @param status as the file was found
   */
  public static FileStatus await(Fd file, FileStatus status, InstantSource clock)
      throws LinuxException, InterruptedException {
    long nanos = nanosLeft(file, status, clock.millis());
    if (nanos == 0) {
      return status;
    }
    TimeUnit.NANOSECONDS.sleep(nanos + CLOCK_STEP_NANOS);
    return file.status();
  }
}
