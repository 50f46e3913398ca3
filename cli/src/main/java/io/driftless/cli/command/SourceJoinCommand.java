package io.driftless.cli.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.cli.command.LiveChange.Effect;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.Considerateness;
import io.driftless.cli.config.SourceConfig;
import io.driftless.cli.config.VolumeConfig;
import io.driftless.cli.config.VolumeConfig.Owners;
import io.driftless.cli.daemon.SourceEnrolment.Joined;
import io.driftless.cli.daemon.SourceEnrolment.Request;
import io.driftless.cli.guard.TargetRoot;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.json.Envelope;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "join",
    description = "Enrols this host as a source with a token of driftless target invite.",
    sortOptions = false)
final class SourceJoinCommand implements Callable<Integer> {
  private static final int TOKEN_BYTES_MAX = 4096;

  @Parameters(paramLabel = "TOKEN", description = "The token; - reads it from stdin.")
  private String token = "";

  @Option(names = "--name", paramLabel = "N", description = "Name of this agent; the host's name.")
  private @Nullable String name;

  @Option(
      names = "--volume",
      required = true,
      paramLabel = "NAME=PATH",
      description = "A volume of the target and the directory that goes there. May be repeated.")
  private List<String> volumes = new ArrayList<>();

  private final Root root;

  SourceJoinCommand(Root root) {
    this.root = root;
  }

  @Override
  public Integer call() throws IOException {
    Home home = root.homes().of(AgentRole.SOURCE);
    home.checkSocketPath();
    List<VolumeOption> wanted = existing(VolumeOption.parse(volumes));
    Optional<Configuration> before = before(home);
    requireNew(before, wanted);
    String agent = AgentNameOption.orHostName(name != null ? name : nameOf(before));
    home.prepare();
    List<String> names = wanted.stream().map(VolumeOption::name).toList();
    Joined joined =
        root.host().agents().get().enrolment().join(new Request(read(token), agent, names), home);
    Effect effect = LiveChange.record(home, writer -> writer.addToSource(added(joined, wanted)));
    show(home, joined, names, effect);
    return ExitCode.DONE.number();
  }

  private static List<VolumeOption> existing(List<VolumeOption> wanted) throws CommandFailure {
    var existing = new ArrayList<VolumeOption>();
    for (VolumeOption volume : wanted) {
      Path real = TargetRoot.realDirectory(volume.path(), "the root of a volume");
      existing.add(new VolumeOption(volume.name(), real));
    }
    return existing;
  }

  private static Optional<Configuration> before(Home home) throws IOException {
    if (!Files.exists(home.config())) {
      return Optional.empty();
    }
    Configuration before = Configuration.read(home);
    before.source();
    return Optional.of(before);
  }

  private static @Nullable String nameOf(Optional<Configuration> before) {
    return before.flatMap(Configuration::name).orElse(null);
  }

  /** A token is good for one try only, so what can be checked is checked before. */
  private static void requireNew(Optional<Configuration> before, List<VolumeOption> wanted)
      throws CommandFailure {
    List<String> taken = before.map(Configuration::volumeNames).orElse(List.of());
    for (VolumeOption volume : wanted) {
      if (taken.contains(volume.name())) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "volume-exists",
            "this source has a volume %s already".formatted(volume.name()),
            "driftless config show lists what it has");
      }
    }
  }

  private String read(String given) throws IOException {
    if (!given.equals("-")) {
      return given;
    }
    byte[] bytes = root.host().in().readNBytes(TOKEN_BYTES_MAX);
    String text = new String(bytes, US_ASCII).strip();
    if (text.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "token-missing", "there is no token on stdin", "pipe it in");
    }
    return text;
  }

  private static SourceConfig added(Joined joined, List<VolumeOption> wanted) {
    SortedMap<String, List<String>> targets = new TreeMap<>();
    targets.put(joined.target(), joined.addresses());
    return new SourceConfig(
        joined.agent(),
        SourceConfig.LANES,
        targets,
        wanted.stream()
            .map(volume ->
                new VolumeConfig.Outgoing(
                    volume.name(),
                    volume.path(),
                    joined.target(),
                    List.of(),
                    Owners.NUMERIC,
                    false))
            .toList(),
        Considerateness.USUAL);
  }

  private void show(Home home, Joined joined, List<String> names, Effect effect) {
    var object = new Envelope(joined.agent(), root.host().version()).open();
    object.addProperty("target", joined.target());
    object.addProperty("config", home.config().toString());
    String seed = "%s seed %s".formatted(home.command(), String.join(" ", names));
    root.answer(
        object,
        List.of(
            "%s has joined %s (%s)"
                .formatted(
                    joined.agent(),
                    Escaped.display(joined.target()),
                    Escaped.display(String.join(", ", joined.addresses()))),
            effect.next(home, seed)));
  }
}
