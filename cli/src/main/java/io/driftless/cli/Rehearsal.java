package io.driftless.cli;

import io.driftless.cli.control.ControlServer;
import io.driftless.cli.daemon.CopyDaemon.CopyRequest;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.Homes;
import io.driftless.source.session.SourceControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An agent that a command can be tried on while the launcher makes the ahead-of-time cache for
 * commands: both agents in this process, and a home where the source answers.
 */
final class Rehearsal {
  private static final int OWN_ARGUMENTS = 2;

  private Rehearsal() {}

  /**
   * Runs a command as long as the agent is up, and exits as it does.
   *
   * @param args an empty directory, for the home and the target; the directory to be seeded from;
   *     the words of the command
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path scratch = Path.of(args[0]).toAbsolutePath();
    var request =
        new CopyRequest(
            Path.of(args[1]).toRealPath(),
            Files.createDirectory(scratch.resolve("target")),
            List.of(),
            false);
    Home home =
        new Homes(Path.of("/"), Optional.of(scratch.resolve("home")), Optional.empty())
            .of(AgentRole.SOURCE);
    home.prepare();
    Files.createFile(home.config());
    List<String> command = Arrays.asList(args).subList(OWN_ARGUMENTS, args.length);
    int exitCode;
    try (RunningAgent<SourceControl> pair = Composition.agents().copy().start(request);
        var _ = ControlServer.start(home, pair.control(), pair::reload, Version.number())) {
      exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
    }
    System.exit(exitCode);
  }
}
