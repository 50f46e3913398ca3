package io.driftless.cli.command;

import io.driftless.cli.config.ConfigWriter;
import io.driftless.cli.config.HostPort;
import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.config.ThrottleConfig;
import io.driftless.cli.guard.TargetRoot.Force;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "init",
    description = "Sets up a target: its authority, its identity, its volumes.",
    sortOptions = false)
final class TargetInitCommand implements Callable<Integer> {
  @Option(
      names = "--listen",
      required = true,
      paramLabel = "[HOST]:PORT",
      description = "Where sources connect, for example :7440.")
  private String listen = "";

  @Option(names = "--name", paramLabel = "N", description = "Name of this agent; the host's name.")
  private @Nullable String name;

  @Option(
      names = "--volume",
      required = true,
      paramLabel = "NAME=PATH",
      description = "A volume and its root, an existing directory. May be repeated.")
  private List<String> volumes = new ArrayList<>();

  @Option(names = "--force-root", description = "Accept a root that the guard target-root refuses.")
  private boolean forceRoot;

  private final Root root;

  TargetInitCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    Home home = root.homes().of(AgentRole.TARGET);
    requireNew(home);
    requireListen();
    String agent = AgentNameOption.orHostName(name);
    List<VolumeOption> wanted = VolumeOption.parse(volumes);
    home.checkSocketPath();
    var config =
        new TargetConfig(
            agent,
            listen,
            IncomingRoots.inspect(
                wanted, home.ownPlaces(), forceRoot ? Force.FORCED : Force.NOT_FORCED),
            TargetConfig.PASSES,
            ThrottleConfig.none());
    home.prepare();
    root.host().agents().get().founding().found(home, agent);
    new ConfigWriter(home).writeTarget(config);
    show(home, config);
    return ExitCode.DONE.number();
  }

  private static void requireNew(Home home) throws CommandFailure {
    if (Files.exists(home.config())) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "already-set-up",
          Escaped.display(home.config().toString()) + " is there already",
          "start the agent with %s %s run, or name another --home"
              .formatted(home.command(), home.role().word()));
    }
  }

  private void requireListen() throws CommandFailure {
    if (!HostPort.isListenAddress(listen)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "--listen needs [HOST]:PORT, not " + Escaped.display(listen),
          "for example :7440 or 203.0.113.7:7440");
    }
  }

  private void show(Home home, TargetConfig config) {
    var object = new Envelope(config.name(), root.host().version()).open();
    object.addProperty("config", home.config().toString());
    object.addProperty("listen", config.listen());
    root.answer(
        object,
        List.of(
            "target %s is set up with %d volume%s; its configuration is %s"
                .formatted(
                    config.name(),
                    config.volumes().size(),
                    config.volumes().size() == 1 ? "" : "s",
                    Escaped.display(home.config().toString())),
            "next: %s target run, then %s target invite"
                .formatted(home.command(), home.command())));
  }
}
