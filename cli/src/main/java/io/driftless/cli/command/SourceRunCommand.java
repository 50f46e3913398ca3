package io.driftless.cli.command;

import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.SourceConfig;
import io.driftless.cli.control.ControlServer;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "run", description = "Runs the source agent in the foreground.")
final class SourceRunCommand extends DaemonCommand {
  SourceRunCommand(Root root) {
    super(root);
  }

  @Override
  void run(ForegroundFactory foreground) throws IOException, InterruptedException {
    Home home = root.homes().of(AgentRole.SOURCE);
    Configuration written = Configuration.read(home);
    SourceConfig config = written.source();
    Optional<String> http = written.http();
    foreground
        .in(home)
        .run(
            () -> root.host().agents().get().source().start(config, home),
            agent ->
                ControlServer.start(
                        home, agent.control(), reload(home, http, agent), root.host().version())
                    .alsoOn(http));
  }
}
