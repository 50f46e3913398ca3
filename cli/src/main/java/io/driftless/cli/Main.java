package io.driftless.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of Driftless. */
@Command(
    name = "driftless",
    description = "Moves servers between hosters without downtime.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.err);
  }
}
