package io.driftless.source.read;

import io.driftless.protocol.linux.FileStatus;
import java.time.Duration;

/**
 * The time that a state of a file needs until a version tells it from the next one.
 *
 * <p>Kernels before 6.13 stamp changes with the time of their last tick: two writes within one tick
 * look alike. So a state whose ctime is younger than a tick or two may still change unnoticed.
 */
final class Settling {
  /** Five times the tick of kernels that run at 250 Hz, twice that at 100 Hz. */
  static final Duration TIME = Duration.ofMillis(20);

  private static final long NANOS = TIME.toNanos();

  private Settling() {}

  /**
   * For how long this state may yet change unnoticed, counted from a moment of the wall clock; 0
   * for a settled one. A ctime from the future belongs to a clock that was set back: it is settled.
   */
  static long nanosLeft(FileStatus status, long epochMillis) {
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
}
