package io.driftless.cli.command;

import io.driftless.cli.command.LiveChange.Effect;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.config.VolumeConfig.Incoming;
import io.driftless.cli.guard.TargetRoot.Force;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description = "Makes an existing directory a volume that sources can be invited to bring.",
    sortOptions = false)
final class TargetVolumeAddCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME=PATH", description = "Its name and the directory.")
  private String volume = "";

  @Option(names = "--force-root", description = "Accept a root that the guard target-root refuses.")
  private boolean forceRoot;

  private final Root root;

  TargetVolumeAddCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    VolumeOption wanted = VolumeOption.parse(volume);
    Home home = root.homes().of(AgentRole.TARGET);
    TargetConfig config = Configuration.read(home).target();
    wanted.requireNew(config.volumes(), AgentRole.TARGET);
    var taken = new ArrayList<>(home.ownPlaces());
    config.volumes().forEach(each -> taken.add(each.root()));
    List<Incoming> added =
        IncomingRoots.inspect(List.of(wanted), taken, forceRoot ? Force.FORCED : Force.NOT_FORCED);
    Effect effect = LiveChange.make(home, writer -> writer.addToTarget(added));
    String invite = "%s target invite --volume %s".formatted(home.command(), wanted.name());
    root.answer(
        LiveChange.answer(
            new Envelope(config.name(), root.host().version()), wanted.name(), effect),
        List.of(
            "%s is a volume of this target".formatted(wanted.name()), effect.next(home, invite)));
    return ExitCode.DONE.number();
  }
}
