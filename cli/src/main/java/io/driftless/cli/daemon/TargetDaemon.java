package io.driftless.cli.daemon;

import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.home.Home;
import io.driftless.target.session.TargetControl;
import java.io.IOException;

/** Starts a target agent. */
@FunctionalInterface
public interface TargetDaemon {
  /**
   * Starts it; the caller holds the lock of the home and answers on the control socket.
   *
   * @throws io.driftless.cli.outcome.CommandFailure if it can't run, in one line
   */
  RunningAgent<TargetControl> start(TargetConfig config, Home home) throws IOException;
}
