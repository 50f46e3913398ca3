package io.driftless.cli.command;

import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "zone",
    description = "Whose clock the windows of the schedule go by; without it, the host's.",
    sortOptions = false)
final class ThrottleZoneCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ZONE", description = "For example Europe/Berlin.")
  private String zone = "";

  private final Root root;

  ThrottleZoneCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    String id;
    try {
      id = ZoneId.of(zone.strip()).getId();
    } catch (DateTimeException e) {
      throw ThrottleAtHand.usage(
          new IllegalArgumentException("no zone is called " + Escaped.display(zone), e),
          "driftless throttle zone Europe/Berlin");
    }
    return new ThrottleAtHand(root)
        .change(writer -> writer.throttle("zone", id), "the schedule goes by the clock of " + id);
  }
}
