package io.driftless.cli.daemon;

import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.home.Home;
import io.driftless.target.session.Release;
import io.driftless.target.session.TargetControl;
import java.io.IOException;
import java.util.Map;

/** A target that nobody can connect to, where no agent runs. */
public interface IdleTarget {
  /** Opens it; the caller holds the lock of the home. */
  RunningAgent<TargetControl> open(TargetConfig config, Home home) throws IOException;

  /** The volumes that are released, by name; an agent may run meanwhile. */
  Map<String, Release> releases(Home home) throws IOException;
}
