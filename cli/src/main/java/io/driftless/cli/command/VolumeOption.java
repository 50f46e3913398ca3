package io.driftless.cli.command;

import io.driftless.cli.config.VolumeConfig;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code --volume NAME=PATH}. */
record VolumeOption(String name, Path path) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,62}");

  static VolumeOption parse(String text) throws CommandFailure {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw wrong(
          "--volume needs NAME=PATH, not " + Escaped.display(text), "for example www=/srv/www");
    }
    String name = text.substring(0, equals);
    requireName(name);
    Path path = Path.of(text.substring(equals + 1));
    if (!path.isAbsolute()) {
      throw wrong(
          "the path of volume %s is relative: %s".formatted(name, Escaped.display(path.toString())),
          "write it from / on");
    }
    return new VolumeOption(name, path);
  }

  /** Several, each of another name. */
  static List<VolumeOption> parse(List<String> texts) throws CommandFailure {
    Set<String> names = new HashSet<>();
    var volumes = new java.util.ArrayList<VolumeOption>();
    for (String text : texts) {
      VolumeOption volume = parse(text);
      if (!names.add(volume.name())) {
        throw wrong("volume " + volume.name() + " is named twice", "name each volume once");
      }
      volumes.add(volume);
    }
    return List.copyOf(volumes);
  }

  /** Refuses the name of a volume that is there. */
  void requireNew(List<? extends VolumeConfig> known, AgentRole role) throws CommandFailure {
    if (known.stream().anyMatch(each -> each.name().equals(name))) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "volume-exists",
          "this %s has a volume %s already".formatted(role.word(), name),
          "driftless %s volume list shows it".formatted(role.word()));
    }
  }

  static void requireName(String name) throws CommandFailure {
    if (!NAME.matcher(name).matches()) {
      throw wrong(
          "not a volume name: " + Escaped.display(name),
          "a name has 1 to 63 of A-Z a-z 0-9 . _ - and begins with neither . nor -");
    }
  }

  private static CommandFailure wrong(String message, String hint) {
    return new CommandFailure(ExitCode.USAGE, "usage", message, hint);
  }
}
