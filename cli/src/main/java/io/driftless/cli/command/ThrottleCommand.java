package io.driftless.cli.command;

import io.driftless.cli.screen.ThrottleText;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "throttle",
    description = {
      "How much the agent may send and read, now and by the calendar.",
      "Without a further word it shows what holds, why, and what comes next."
    },
    sortOptions = false)
final class ThrottleCommand implements Callable<Integer> {
  private final Root root;

  ThrottleCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    return new ThrottleAtHand(root).show(ThrottleText::lines);
  }
}
