package io.driftless.protocol.delta;

/**
 * Where in the basis the target expects the next segment of a file: where the last one was found.
 * Thread-safe: several segments may be under way, and the one that came last is believed.
 */
public final class Alignment {
  private static final int WORTH_NOTING = 16;

  private long displacement;

  /** How far the new version lies behind the basis, as far as is known. */
  public synchronized long displacement() {
    return displacement;
  }

  /** Learns from a segment: the last match of some length leads on to the next segment. */
  public synchronized void learn(Delta delta) {
    long at = delta.covered().from();
    for (Run run : delta.runs()) {
      if (run instanceof Run.Match(long basisOffset, long length)
          && length >= delta.covered().length() / WORTH_NOTING) {
        displacement = at - basisOffset;
      }
      at += run.length();
    }
  }
}
