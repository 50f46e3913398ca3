package io.driftless.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = {
      "Another limit for now, over base and schedule, also across a restart of the agent.",
      "Without an end it holds until it is cleared."
    },
    sortOptions = false)
final class ThrottleSetCommand implements Callable<Integer> {
  private static final String EXAMPLE = "driftless throttle set 20mbit --for 2h";

  @Parameters(
      paramLabel = "RATE",
      description = "For example 20mbit or 2.5m/s; 0 pauses, unlimited lifts.")
  private String rate = "";

  @Mixin private UntilOption end = new UntilOption();

  private final Root root;

  ThrottleSetCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    return new ManualChange(root).set(ThrottleAtHand.rate(rate, EXAMPLE), end);
  }
}
