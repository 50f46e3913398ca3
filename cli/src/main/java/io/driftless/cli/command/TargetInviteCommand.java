package io.driftless.cli.command;

import com.google.gson.JsonObject;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.HostPort;
import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.config.VolumeConfig.Incoming;
import io.driftless.cli.control.ControlClient;
import io.driftless.cli.guard.TargetRoot;
import io.driftless.cli.guard.TargetRoot.Force;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Fields;
import io.driftless.cli.json.RequestJson;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Shown;
import io.driftless.cli.quantity.Span;
import io.driftless.protocol.tree.Escaped;
import io.driftless.target.session.TargetControl.InviteRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "invite",
    description = "Makes a token with which one new source can join. Prints the token alone.",
    sortOptions = false)
final class TargetInviteCommand implements Callable<Integer> {
  @Option(
      names = "--agent",
      paramLabel = "A",
      description = "Name that the source must take; any if left out.")
  private @Nullable String agent;

  @Option(
      names = "--volume",
      paramLabel = "NAME[=PATH]",
      description = {
        "A volume that it may bring; all that no agent brings yet if left out.",
        "With PATH, an existing directory, the volume is made. May be repeated."
      })
  private List<String> volumes = new ArrayList<>();

  @Option(names = "--force-root", description = "Accept a root that the guard target-root refuses.")
  private boolean forceRoot;

  @Option(
      names = "--address",
      paramLabel = "HOST[:PORT]",
      description = "Where the source finds this target. May be repeated.")
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long the token is good for (${DEFAULT-VALUE}).")
  private String ttl = "1h";

  private final Root root;

  TargetInviteCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    InviteRequest request = request();
    ControlClient client = root.client(AgentRole.TARGET);
    add(VolumeOption.parse(volumes.stream().filter(TargetInviteCommand::isNew).toList()), client);
    JsonObject answer = client.post("/v1/invitations", RequestJson.of(request));
    root.answer(answer, new Fields(answer).text("token"));
    root.remark(
        "good for %s and one source; there: driftless source join TOKEN --volume NAME=PATH"
            .formatted(Shown.span(request.validFor())));
    return ExitCode.DONE.number();
  }

  private static boolean isNew(String volume) {
    return volume.contains("=");
  }

  private static String nameOf(String volume) {
    return volume.split("=", 2)[0];
  }

  /** Adds volumes to the configuration and has the agent take them up; those it has stay. */
  private void add(List<VolumeOption> wanted, ControlClient client) throws IOException {
    if (wanted.isEmpty()) {
      return;
    }
    client.get("/v1/status"); // nothing is written for an agent that does not answer
    Home home = root.homes().of(AgentRole.TARGET);
    TargetConfig config = Configuration.read(home).target();
    List<Incoming> missing = missing(wanted, home, config);
    LiveChange.make(home, missing.isEmpty() ? _ -> {} : writer -> writer.addToTarget(missing));
  }

  /** Those that are not configured yet, once they have passed the guard. */
  private List<Incoming> missing(List<VolumeOption> wanted, Home home, TargetConfig config)
      throws IOException {
    var known = new TreeMap<String, Path>();
    config.volumes().forEach(volume -> known.put(volume.name(), volume.root()));
    var fresh = new ArrayList<VolumeOption>();
    for (VolumeOption volume : wanted) {
      Path before = known.get(volume.name());
      if (before == null) {
        fresh.add(volume);
      } else if (!before.equals(TargetRoot.realDirectory(volume.path(), "a target's root"))) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "volume-exists",
            "volume %s has the root %s"
                .formatted(volume.name(), Escaped.display(before.toString())),
            "invite for it by its name alone, or choose another name");
      }
    }
    var taken = new ArrayList<>(home.ownPlaces());
    taken.addAll(known.values());
    return IncomingRoots.inspect(fresh, taken, forceRoot ? Force.FORCED : Force.NOT_FORCED);
  }

  private InviteRequest request() throws CommandFailure {
    List<String> names = volumes.stream().map(TargetInviteCommand::nameOf).toList();
    for (String volume : names) {
      VolumeOption.requireName(volume);
    }
    try {
      Duration validFor = Span.parse(ttl);
      List<String> reachable =
          addresses.stream().map(text -> HostPort.withPort(text, HostPort.DEFAULT_PORT)).toList();
      return new InviteRequest(Optional.ofNullable(agent), names, reachable, validFor);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          String.valueOf(e.getMessage()),
          "see driftless target invite --help",
          e);
    }
  }
}
