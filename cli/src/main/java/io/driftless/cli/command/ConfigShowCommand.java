package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "show", description = "Shows what counts, key by key.")
final class ConfigShowCommand implements Callable<Integer> {
  @Option(names = "--origin", description = "Say which file and line each value comes from.")
  private boolean origin;

  private final Root root;

  ConfigShowCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    Configuration configuration = Configuration.read(root.presentHome());
    List<String> lines = origin ? configuration.origins() : configuration.values();
    JsonObject object = new Envelope("", root.host().version()).open();
    var settings = new JsonArray();
    lines.forEach(settings::add);
    object.add("settings", settings);
    root.answer(object, lines);
    configuration.flaws().forEach(flaw -> root.terminal().remark("error: config: " + flaw));
    return (configuration.flaws().isEmpty() ? ExitCode.DONE : ExitCode.USAGE).number();
  }
}
