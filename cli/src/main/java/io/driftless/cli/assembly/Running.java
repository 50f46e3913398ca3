package io.driftless.cli.assembly;

import io.driftless.cli.daemon.RunningAgent;
import java.io.IOException;

/** An agent with everything that was opened for it. */
final class Running<C> implements RunningAgent<C> {
  private final C control;
  private final Closing closing;

  Running(C control, Closing closing) {
    this.control = control;
    this.closing = closing;
  }

  @Override
  public C control() {
    return control;
  }

  @Override
  public void close() throws IOException {
    closing.close();
  }
}
