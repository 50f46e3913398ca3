package io.driftless.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.VolumeConfig;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.json.OwnershipJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.session.Release;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Lists the volumes that are configured.")
final class VolumeListCommand implements Callable<Integer> {
  private final Root root;
  private final AgentRole role;

  VolumeListCommand(Root root, AgentRole role) {
    this.root = root;
    this.role = role;
  }

  @Override
  public Integer call() throws IOException {
    Home home = root.homes().of(role);
    Configuration configuration = Configuration.read(home);
    Map<String, Release> releases =
        role == AgentRole.TARGET
            ? root.host().agents().get().idleTarget().releases(home)
            : Map.of();
    List<? extends VolumeConfig> volumes =
        role == AgentRole.SOURCE
            ? configuration.source().volumes()
            : configuration.target().volumes();
    JsonObject object = new Envelope(configuration.name().orElse(""), root.host().version()).open();
    var array = new JsonArray();
    var lines = new ArrayList<String>();
    int width = volumes.stream().mapToInt(volume -> volume.name().length()).max().orElse(0);
    for (VolumeConfig volume : volumes) {
      Optional<Release> release = Optional.ofNullable(releases.get(volume.name()));
      array.add(json(volume, release));
      lines.add(
          "%s  %s%s%s"
              .formatted(
                  volume.name() + " ".repeat(width - volume.name().length()),
                  Escaped.display(volume.root().toString()),
                  remainder(volume),
                  release.map(this::released).orElse("")));
    }
    object.add("volumes", array);
    root.answer(object, lines.isEmpty() ? List.of("no volumes") : lines);
    return ExitCode.DONE.number();
  }

  private String released(Release release) {
    return "  released since %s%s"
        .formatted(
            root.host().moments().clock(release.since()),
            release.reason().isEmpty() ? "" : ", " + Escaped.message(release.reason()));
  }

  private static JsonObject json(VolumeConfig volume, Optional<Release> release) {
    var object = new JsonObject();
    object.addProperty("name", volume.name());
    object.addProperty("root", volume.root().toString());
    if (volume instanceof VolumeConfig.Incoming) {
      object.add("released", OwnershipJson.release(release));
    }
    if (volume instanceof VolumeConfig.Outgoing outgoing) {
      object.addProperty("target", outgoing.target());
      var exclude = new JsonArray();
      outgoing.exclude().forEach(exclude::add);
      object.add("exclude", exclude);
    }
    return object;
  }

  private static String remainder(VolumeConfig volume) {
    if (!(volume instanceof VolumeConfig.Outgoing outgoing)) {
      return "";
    }
    String excluded =
        outgoing.exclude().isEmpty()
            ? ""
            : "  without " + Escaped.display(String.join(" ", outgoing.exclude()));
    return "  to %s%s".formatted(outgoing.target(), excluded);
  }

  static CommandFailure unknown(String name, List<String> known) {
    return new CommandFailure(
        ExitCode.USAGE,
        "unknown-volume",
        "no volume is called " + Escaped.display(name),
        known.isEmpty() ? "there are no volumes yet" : "known: " + String.join(", ", known));
  }
}
