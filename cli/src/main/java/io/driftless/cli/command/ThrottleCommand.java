package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.ThrottleJson;
import io.driftless.cli.outcome.ExitCode;
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
    JsonObject answer = root.client().get(ThrottleAtHand.PATH);
    var status = ThrottleJson.read(new Fields(answer).optionalFields("throttle").orElseThrow());
    root.answer(answer, new ThrottleText(status, root.host().moments()).lines());
    return ExitCode.DONE.number();
  }
}
