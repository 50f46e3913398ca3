package io.driftless.protocol.wire;

/**
 * Paces what a data lane sends, at the one point through which all of it goes. Control lanes and
 * heartbeats don't ask. Called on the event loop of its connection, so it must not block.
 */
interface SendGate {
  /** Lets everything through. */
  SendGate OPEN = (bytesMax, _) -> bytesMax;

  /**
   * Takes ciphertext bytes off what may be sent.
   *
   * @param bytesMax how many are waiting, at least 1
   * @param ready called once from any thread when it is worthwhile to ask again; only if the answer
   *     is 0
   * @return how many may go at once, 0 to {@code bytesMax}
   */
  int take(int bytesMax, Runnable ready);

  /** Nothing that was taken is on its way any more; what was not used is given back. */
  default void settle() {}
}
