package io.driftless.cli.command;

import io.driftless.cli.command.LiveChange.Effect;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    description = "Takes a volume out of the configuration. Its files stay where they are.")
final class VolumeRemoveCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The volume.")
  private String name = "";

  private final Root root;
  private final AgentRole role;

  VolumeRemoveCommand(Root root, AgentRole role) {
    this.root = root;
    this.role = role;
  }

  @Override
  public Integer call() throws IOException {
    Home home = root.homes().of(role);
    Configuration configuration = Configuration.read(home);
    if (!configuration.volumeNames().contains(name)) {
      throw VolumeListCommand.unknown(name, configuration.volumeNames());
    }
    Effect effect = LiveChange.make(home, writer -> writer.remove(name));
    var envelope = new Envelope(configuration.name().orElse(""), root.host().version());
    root.answer(
        LiveChange.answer(envelope, name, effect),
        List.of(
            "%s is no volume of this %s any more; its files and its history stay"
                .formatted(name, role.word())));
    return ExitCode.DONE.number();
  }
}
