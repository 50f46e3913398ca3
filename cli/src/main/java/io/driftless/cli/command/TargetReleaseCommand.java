package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.JsonText;
import io.driftless.cli.json.OwnershipJson;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.screen.OwnershipText;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.session.Ownership;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "release",
    description =
        "Takes volumes over: no source may write to them any more, whether it is connected or not.")
final class TargetReleaseCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "The volumes.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "All volumes.")
  private boolean all;

  @Option(
      names = "--reason",
      paramLabel = "T",
      description = "Why; status shows it, and sources that come back are told.")
  private String reason = "";

  private final Root root;

  TargetReleaseCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    if (all == !names.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "which volumes?",
          "name them, or take all of them with --all: driftless target release NAME|--all");
    }
    try (var target = new TargetAtHand(root)) {
      return show(release(target)).number();
    }
  }

  private List<JsonObject> release(TargetAtHand target) throws IOException {
    // Nothing is done where one of the names is wrong.
    List<String> chosen = all ? allOf(target) : namesOf(target);
    var answers = new ArrayList<JsonObject>();
    for (String name : chosen) {
      answers.add(target.post(RequestJson.release(reason), "volumes", name, "release"));
    }
    return answers;
  }

  private static List<String> allOf(TargetAtHand target) throws IOException {
    List<String> volumes =
        new Fields(target.get("status"))
            .list("volumes").stream().map(volume -> volume.text("name")).toList();
    if (volumes.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "unknown-volume", "this target has no volumes", "there is nothing to do");
    }
    return volumes;
  }

  private List<String> namesOf(TargetAtHand target) throws IOException {
    var found = new ArrayList<String>();
    for (String name : names) {
      found.add(OwnershipJson.read(target.get("volumes", name, "ownership")).volume());
    }
    return found;
  }

  private ExitCode show(List<JsonObject> answers) {
    ExitCode exitCode = ExitCode.DONE;
    for (JsonObject answer : answers) {
      Ownership volume = OwnershipJson.read(answer);
      if (!root.isJson()) {
        root.terminal().answer(new OwnershipText(volume, root.host().moments()).released());
      }
      if (volume.unfinished().isPresent()) {
        root.terminal().remark(unfinished(volume).line());
        exitCode = exitCode.and(ExitCode.FAILED);
      }
    }
    if (root.isJson()) {
      root.terminal().answer(JsonText.of(json(answers)));
    }
    return exitCode;
  }

  private static JsonObject json(List<JsonObject> answers) {
    if (answers.size() == 1) {
      return answers.getFirst();
    }
    var object = new JsonObject();
    for (String field : List.of("schema", "agent", "version")) {
      object.add(field, answers.getFirst().get(field));
    }
    var volumes = new JsonArray();
    answers.forEach(volumes::add);
    object.add("volumes", volumes);
    return object;
  }

  private static CommandFailure unfinished(Ownership volume) {
    return new CommandFailure(
        ExitCode.FAILED,
        "half-released",
        "%s: no source may write to it, but %s"
            .formatted(volume.volume(), Escaped.message(volume.unfinished().orElse(""))),
        "don't use its files before that is repaired and this command, given again, ends well");
  }
}
