package io.driftless.protocol.delta;

/**
 * How far the source goes to find content of a file that is not at its place: what became of one
 * segment decides about the next. Thread-safe: several segments may be in work.
 */
public final class Pursuit {
  /** A range in which fewer neighbouring blocks differ is an edit in place. */
  static final int SHIFT_BLOCKS = 4;

  private static final long REACH_BYTES = 16L * 1024 * 1024;
  private static final int REACH_DOUBLINGS_MAX = 5;
  private static final long PAUSE_BYTES = 4L * 1024 * 1024;
  private static final int PAUSE_DOUBLINGS_MAX = 7;

  private int fruitless;
  private long pauseBytes;

  /**
   * Whether a search is worth its while for the next segment; each call is one segment. Where
   * searches were in vain, those that come before this one has ended don't search.
   */
  synchronized boolean searches(long segmentBytes) {
    if (pauseBytes > 0) {
      pauseBytes -= segmentBytes;
      return false;
    }
    pauseBytes = nextPauseBytes();
    return true;
  }

  private long nextPauseBytes() {
    return PAUSE_BYTES * ((1 << fruitless) - 1);
  }

  /** Whether so far what was expected did not come. */
  synchronized boolean isDoubtful() {
    return fruitless > 0;
  }

  /** How far from its place content is searched for. */
  synchronized long reachBytes() {
    return REACH_BYTES << Math.min(REACH_DOUBLINGS_MAX, fruitless);
  }

  /** Content was found elsewhere: the next search begins near by again. */
  synchronized void found() {
    fruitless = 0;
    pauseBytes = 0;
  }

  /** Nothing was found: the next search comes later, and reaches further. */
  synchronized void foundNothing() {
    fruitless = Math.min(PAUSE_DOUBLINGS_MAX, fruitless + 1);
    pauseBytes = nextPauseBytes();
  }
}
