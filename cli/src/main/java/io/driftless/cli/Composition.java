package io.driftless.cli;

import io.driftless.cli.assembly.Assembly;
import io.driftless.cli.daemon.Agents;

/** Which agents the commands start. Nothing is loaded before it is needed. */
final class Composition {
  private Composition() {}

  static Agents agents() {
    return Assembly.agents(Version.number());
  }
}
