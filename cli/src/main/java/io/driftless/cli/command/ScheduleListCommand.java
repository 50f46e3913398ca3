package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.ThrottleJson;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.ThrottleText;
import java.io.IOException;
import java.util.List;
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
    JsonObject answer = root.client().get(ThrottleAtHand.PATH);
    var status = ThrottleJson.read(new Fields(answer).optionalFields("throttle").orElseThrow());
    root.answer(
        answer,
        status.calendar().windows().isEmpty()
            ? List.of("no windows; the base rate always holds")
            : new ThrottleText(status, root.host().moments()).windows());
    return ExitCode.DONE.number();
  }
}
