package io.driftless.cli.daemon;

import java.io.IOException;

/**
 * An agent that runs until it is closed.
 *
 * @param <C> what can be asked of it
 */
public interface RunningAgent<C> extends AutoCloseable {
  C control();

  /**
   * Takes up the configuration of its home as it is now, whole or not at all; what has not changed
   * goes on undisturbed. May block for seconds.
   *
   * @throws io.driftless.cli.outcome.CommandFailure in one line, and nothing has changed
   */
  void reload() throws IOException;

  /** Ends it in order: what is durable stays, connections are closed. Blocks for a few seconds. */
  @Override
  void close() throws IOException;
}
