package io.driftless.cli.daemon;

import java.io.IOException;

/**
 * An agent that runs until it is closed.
 *
 * @param <C> what can be asked of it
 */
public interface RunningAgent<C> extends AutoCloseable {
  C control();

  /** Ends it in order: what is durable stays, connections are closed. Blocks for a few seconds. */
  @Override
  void close() throws IOException;
}
