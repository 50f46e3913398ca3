package io.driftless.protocol.listing;

/** Requests to stop, for work that never waits. */
final class Interruptions {
  private Interruptions() {}

  static void heed() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while a file was examined");
    }
  }
}
