package io.driftless.cli.command;

import io.driftless.cli.screen.ThrottleText;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "The windows of the schedule.", sortOptions = false)
final class ScheduleListCommand implements Callable<Integer> {
  private final Root root;

  ScheduleListCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    return new ThrottleAtHand(root).show(ThrottleText::schedule);
  }
}
