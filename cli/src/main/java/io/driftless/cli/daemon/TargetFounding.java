package io.driftless.cli.daemon;

import io.driftless.cli.home.Home;
import java.io.IOException;

/** Makes the authority and the identity of a new target. */
@FunctionalInterface
public interface TargetFounding {
  /** Stores both in the home, whose directories are there. */
  void found(Home home, String name) throws IOException;
}
