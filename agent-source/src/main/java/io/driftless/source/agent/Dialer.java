package io.driftless.source.agent;

import io.driftless.protocol.wire.Session;
import java.io.IOException;

/** Connects to one target. */
@FunctionalInterface
public interface Dialer {
  /**
   * Opens a session; takes as long as the network does, within the limits of the protocol.
   *
   * @throws IOException if there is none to be had now
   */
  Session dial() throws IOException, InterruptedException;
}
