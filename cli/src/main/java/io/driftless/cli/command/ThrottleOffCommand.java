package io.driftless.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "off",
    description = "No limit for now: throttle set unlimited.",
    sortOptions = false)
final class ThrottleOffCommand implements Callable<Integer> {
  @Mixin private UntilOption end = new UntilOption();

  private final Root root;

  ThrottleOffCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    return new ManualChange(root).set("unlimited", end);
  }
}
