package io.driftless.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "clear",
    description = "What was set by hand ends; base and schedule hold again.",
    sortOptions = false)
final class ThrottleClearCommand implements Callable<Integer> {
  private final Root root;

  ThrottleClearCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    var throttle = new ThrottleAtHand(root);
    return throttle.showLine(throttle.client().delete(ThrottleAtHand.PATH));
  }
}
