package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.PassJson;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Shown;
import io.driftless.cli.screen.ProblemsText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "problems",
    description = "What the last pass could not carry, by reason; every item with --json.")
final class ProblemsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The volume; may be left out where there is one.")
  private @Nullable String volume;

  private final Root root;

  ProblemsCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    ControlClient client = root.client();
    String name =
        new RemotePasses(client, root.host().moments())
            .choose(volume == null ? List.of() : List.of(volume), false)
            .getFirst();
    String path = "/v1/volumes/" + ControlClient.part(name) + "/problems?offset=";
    JsonObject answer = client.get(path + 0);
    JsonArray all = answer.getAsJsonArray("problems");
    var text = new ProblemsText();
    text.add(PassJson.problems(new Fields(answer)));
    for (JsonObject page = answer; !page.getAsJsonArray("problems").isEmpty(); ) {
      page = client.get(path + all.size());
      text.add(PassJson.problems(new Fields(page)));
      all.addAll(page.getAsJsonArray("problems"));
    }
    root.answer(answer, lines(name, new Fields(answer), all.size(), text));
    return (all.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS).number();
  }

  private static List<String> lines(String name, Fields answer, long total, ProblemsText text) {
    var lines = new ArrayList<String>();
    long pass = answer.number("pass");
    lines.add(
        pass == 0
            ? name + "  no pass has ended yet"
            : "%s  pass #%d: %s"
                .formatted(
                    name,
                    pass,
                    total == 0 ? "no problems" : Shown.count(total, "problem", "problems")));
    lines.addAll(text.lines());
    return lines;
  }
}
