package io.driftless.cli;

import io.driftless.cli.daemon.Agents;

/** Which agents the commands start. Nothing is loaded before it is needed. */
final class Composition {
  private Composition() {}

  static Agents agents() {
    return new Agents(
        (config, home) -> {
          throw new UnsupportedOperationException("source agent");
        },
        (config, home) -> {
          throw new UnsupportedOperationException("target agent");
        },
        request -> {
          throw new UnsupportedOperationException("copy");
        },
        (home, name) -> {
          throw new UnsupportedOperationException("authority of a target");
        },
        (request, home) -> {
          throw new UnsupportedOperationException("enrolment");
        });
  }
}
