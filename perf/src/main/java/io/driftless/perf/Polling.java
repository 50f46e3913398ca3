package io.driftless.perf;

import java.util.concurrent.locks.LockSupport;

/** Waits for what can only be looked at again and again. */
final class Polling {
  private Polling() {}

  /** Rests for less time than a sleep can take; heeds interruptions. */
  static void pause(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    LockSupport.parkNanos(nanos);
  }
}
