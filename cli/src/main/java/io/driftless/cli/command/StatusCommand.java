package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.StatusJson;
import io.driftless.cli.json.StatusJson.Status;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.StatusText;
import io.driftless.cli.screen.TargetText;
import io.driftless.protocol.tree.Escaped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "status", description = "Says how the agent and its volumes are.")
final class StatusCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these volumes.")
  private List<String> volumes = new ArrayList<>();

  @Option(
      names = "--watch",
      description = "Show it again every second until Ctrl-C, also across a restart of the agent.")
  private boolean watch;

  private final Root root;

  StatusCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws Exception {
    ControlClient client = root.client();
    if (watch) {
      return new StatusWatch(root, () -> ask(client), this::page).run().number();
    }
    JsonObject answer = ask(client);
    root.answer(answer, page(answer));
    return ExitCode.DONE.number();
  }

  private JsonObject ask(ControlClient client) throws CommandFailure {
    JsonObject answer = client.get("/v1/status");
    if (!volumes.isEmpty()) {
      answer.add("volumes", chosen(answer.getAsJsonArray("volumes")));
    }
    return answer;
  }

  private List<String> page(JsonObject answer) {
    return switch (StatusJson.read(answer)) {
      case Status.OfSource source -> new StatusText(source, root.host().moments()).lines();
      case Status.OfTarget target -> TargetText.lines(target, root.host().moments());
    };
  }

  private JsonArray chosen(JsonArray all) throws CommandFailure {
    var chosen = new JsonArray();
    for (String wanted : volumes) {
      JsonElement found = null;
      for (JsonElement volume : all) {
        if (isCalled(new Fields(volume.getAsJsonObject()), wanted)) {
          found = volume;
        }
      }
      if (found == null) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "unknown-volume",
            "no volume is called " + Escaped.display(wanted),
            "driftless status lists all");
      }
      chosen.add(found);
    }
    return chosen;
  }

  /** On a target a volume may also be called {@code AGENT/NAME}. */
  private static boolean isCalled(Fields volume, String wanted) {
    String name = volume.text("name");
    Optional<String> agent =
        volume.object().has("agent") ? volume.optionalText("agent") : Optional.empty();
    return wanted.equals(name) || agent.filter(a -> wanted.equals(a + "/" + name)).isPresent();
  }
}
