package io.driftless.cli.command;

import io.driftless.cli.command.LiveChange.Effect;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.SourceConfig;
import io.driftless.cli.config.VolumeConfig.Outgoing;
import io.driftless.cli.config.VolumeConfig.Owners;
import io.driftless.cli.guard.TargetRoot;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description = "Brings one more directory to a target that this source has joined.",
    sortOptions = false)
final class SourceVolumeAddCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME=PATH", description = "The target's volume and the directory.")
  private String volume = "";

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "Which target; may be left out where there is one.")
  private @Nullable String target;

  @Option(
      names = "--exclude",
      paramLabel = "P",
      description = "A pattern in the syntax of gitignore. May be repeated.")
  private List<String> exclude = new ArrayList<>();

  private final Root root;

  SourceVolumeAddCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    VolumeOption wanted = VolumeOption.parse(volume);
    Home home = root.homes().of(AgentRole.SOURCE);
    SourceConfig config = Configuration.read(home).source();
    wanted.requireNew(config.volumes(), AgentRole.SOURCE);
    Path real = TargetRoot.realDirectory(wanted.path(), "the root of a volume");
    var added = new Outgoing(wanted.name(), real, target(config), exclude, Owners.NUMERIC, false);
    var only =
        new SourceConfig(
            config.name(),
            config.lanes(),
            Collections.unmodifiableSortedMap(new TreeMap<>()),
            List.of(added),
            config.considerateness());
    Effect effect = LiveChange.make(home, writer -> writer.addToSource(only));
    show(home, config.name(), added, effect);
    return ExitCode.DONE.number();
  }

  private String target(SourceConfig config) throws CommandFailure {
    Set<String> known = config.targets().keySet();
    if (target == null && known.size() == 1) {
      return known.iterator().next();
    }
    if (target == null || !known.contains(target)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "unknown-target",
          target == null ? "which target?" : "this source has not joined " + target,
          known.isEmpty()
              ? "join one first: driftless source join"
              : "name one with --target: " + String.join(", ", known));
    }
    return target;
  }

  private void show(Home home, String agent, Outgoing added, Effect effect) {
    String seed = "%s seed %s".formatted(home.command(), added.name());
    root.answer(
        LiveChange.answer(new Envelope(agent, root.host().version()), added.name(), effect),
        List.of("%s goes to %s".formatted(added.name(), added.target()), effect.next(home, seed)));
  }
}
