package io.driftless.cli.daemon;

import io.driftless.cli.config.SourceConfig;
import io.driftless.cli.home.Home;
import io.driftless.source.session.SourceControl;
import java.io.IOException;

/** Starts a source agent. */
@FunctionalInterface
public interface SourceDaemon {
  /**
   * Starts it; the caller holds the lock of the home and answers on the control socket.
   *
   * @throws io.driftless.cli.outcome.CommandFailure if it can't run, in one line
   */
  RunningAgent<SourceControl> start(SourceConfig config, Home home) throws IOException;
}
