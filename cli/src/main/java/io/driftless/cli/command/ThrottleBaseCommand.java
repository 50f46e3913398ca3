package io.driftless.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "base",
    description = "What may flow where no window of the schedule says otherwise, for good.",
    sortOptions = false)
final class ThrottleBaseCommand implements Callable<Integer> {
  private static final String EXAMPLE = "driftless throttle base 80mbit";

  @Parameters(
      paramLabel = "RATE",
      description = "For example 80mbit or 10m/s; 0 pauses, unlimited lifts.")
  private String rate = "";

  private final Root root;

  ThrottleBaseCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    String base = ThrottleAtHand.rate(rate, EXAMPLE);
    return new ThrottleAtHand(root)
        .change(writer -> writer.throttle("base", base), "the base rate is " + base);
  }
}
