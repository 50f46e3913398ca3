package io.driftless.cli.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that only groups commands. */
abstract sealed class CommandGroup implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec group = Objects.requireNonNull(spec);
    throw new ParameterException(
        group.commandLine(),
        "%s what? %s".formatted(group.name(), String.join(", ", group.subcommands().keySet())));
  }

  @Command(name = "target", description = "The agent on the server that you move to.")
  static final class Target extends CommandGroup {}

  @Command(name = "source", description = "The agent on the server that you leave.")
  static final class Source extends CommandGroup {}

  @Command(name = "volume", description = "The volumes of this agent: add, remove, list.")
  static final class Volume extends CommandGroup {}

  @Command(name = "schedule", description = "The windows of the throttle: add, remove, list.")
  static final class Schedule extends CommandGroup {}

  @Command(name = "config", description = "What the agent is told.")
  static final class Config extends CommandGroup {}
}
