package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.json.Fields;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "reload",
    description = "Has the agent take up its configuration, whole or not at all.")
final class ReloadCommand implements Callable<Integer> {
  private final Root root;

  ReloadCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    JsonObject answer = root.client().post("/v1/reload", new JsonObject());
    var fields = new Fields(answer);
    String volumes = String.join(", ", fields.texts("volumes"));
    root.answer(
        answer,
        "%s has taken up its configuration; volumes: %s"
            .formatted(fields.text("agent"), volumes.isEmpty() ? "none" : volumes));
    return ExitCode.DONE.number();
  }
}
