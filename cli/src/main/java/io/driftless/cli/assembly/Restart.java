package io.driftless.cli.assembly;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;

/** What a running agent can't take up. */
final class Restart {
  private Restart() {}

  static CommandFailure needed(String what) {
    return new CommandFailure(
        ExitCode.USAGE,
        "restart-needed",
        "the configuration has changed in what counts at the start only: " + what,
        "restart the agent; until then it goes on as it was");
  }
}
