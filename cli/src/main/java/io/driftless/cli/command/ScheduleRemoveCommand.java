package io.driftless.cli.command;

import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.WindowText;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = "Takes a window out, for good.", sortOptions = false)
final class ScheduleRemoveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", description = "As throttle schedule list shows it.")
  private String id = "";

  private final Root root;

  ScheduleRemoveCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    List<WindowText> windows = Configuration.read(root.presentHome()).windows();
    List<WindowText> left = windows.stream().filter(window -> !window.id().equals(id)).toList();
    if (left.size() == windows.size()) {
      String known = windows.stream().map(WindowText::id).collect(Collectors.joining(", "));
      throw new CommandFailure(
          ExitCode.USAGE,
          "unknown-window",
          "no window has the id " + id,
          known.isEmpty() ? "there are none" : "known: " + known);
    }
    return new ThrottleAtHand(root)
        .change(writer -> writer.windows(left), "window %s is gone".formatted(id));
  }
}
