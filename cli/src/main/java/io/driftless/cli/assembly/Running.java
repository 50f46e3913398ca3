package io.driftless.cli.assembly;

import io.driftless.cli.daemon.RunningAgent;
import java.io.IOException;

/** An agent with everything that was opened for it. */
final class Running<C> implements RunningAgent<C> {
  private final C control;
  private final Reload reload;
  private final Closing closing;

  /** How an agent takes up another configuration. */
  @FunctionalInterface
  interface Reload {
    void reload() throws IOException;
  }

  Running(C control, Reload reload, Closing closing) {
    this.control = control;
    this.reload = reload;
    this.closing = closing;
  }

  @Override
  public C control() {
    return control;
  }

  @Override
  public void reload() throws IOException {
    reload.reload();
  }

  @Override
  public void close() throws IOException {
    closing.close();
  }
}
