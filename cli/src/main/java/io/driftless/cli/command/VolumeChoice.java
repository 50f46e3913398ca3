package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The volumes that a command is about. */
final class VolumeChoice {
  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Volumes; may be left out where there is one.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "All volumes.")
  private boolean all;

  /** Whether it is about all, whichever they are. */
  boolean isAll() {
    return all;
  }

  /** By name, of those that the agent has. */
  List<String> among(RemotePasses passes) throws CommandFailure {
    return passes.choose(names, all);
  }
}
