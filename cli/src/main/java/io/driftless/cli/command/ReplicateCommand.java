package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.SourceConfig;
import io.driftless.cli.config.VolumeConfig;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "replicate",
    description = "Lets the target follow the source by itself, or no longer.",
    sortOptions = false)
final class ReplicateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME... on|off", description = "The volumes, then on or off.")
  private List<String> words = new ArrayList<>();

  @Option(names = "--all", description = "All volumes.")
  private boolean all;

  private final Root root;

  ReplicateCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    boolean on = isOn();
    Home home = root.homes().of(AgentRole.SOURCE);
    SourceConfig config = Configuration.read(home).source();
    List<String> volumes = volumes(config);
    LiveChange.Effect effect =
        LiveChange.make(
            home,
            writer -> {
              for (String volume : volumes) {
                writer.replicate(volume, on);
              }
            });
    show(home, config.name(), volumes, on, effect);
    return ExitCode.DONE.number();
  }

  private boolean isOn() throws CommandFailure {
    String last = words.isEmpty() ? "" : words.getLast();
    return switch (last) {
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new CommandFailure(
              ExitCode.USAGE, "usage", "on or off?", "driftless replicate NAME on");
    };
  }

  private List<String> volumes(SourceConfig config) throws CommandFailure {
    List<String> known = config.volumes().stream().map(VolumeConfig.Outgoing::name).toList();
    List<String> named = words.subList(0, words.size() - 1);
    if (all || named.isEmpty() && known.size() == 1) {
      return known;
    }
    for (String name : named) {
      if (!known.contains(name)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "unknown-volume",
            "no volume is called " + name,
            "the agent has: " + String.join(", ", known));
      }
    }
    if (named.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "which volume?",
          "name some of %s, or --all".formatted(String.join(", ", known)));
    }
    return named;
  }

  private void show(
      Home home, String agent, List<String> volumes, boolean on, LiveChange.Effect effect) {
    JsonObject object = new Envelope(agent, root.host().version()).open();
    object.addProperty("replicate", on);
    object.addProperty("live", effect == LiveChange.Effect.TAKEN_UP);
    var names = new JsonArray();
    volumes.forEach(names::add);
    object.add("volumes", names);
    var lines = new ArrayList<String>();
    for (String volume : volumes) {
      lines.add(
          on
              ? volume + "  follows its source by itself"
              : volume + "  is brought over by sync only");
    }
    lines.add(effect.next(home, home.command() + " status"));
    root.answer(object, lines);
  }
}
