package io.driftless.protocol.pace;

/** How fast something may flow. Thread-safe. */
@FunctionalInterface
public interface Pace {
  /**
   * Waits until some bytes may flow, or whatever is counted.
   *
   * @param bytesMax how many are wanted, at least 1
   * @return how many may, at least 1; whoever wants more asks again
   */
  int take(int bytesMax) throws InterruptedException;
}
