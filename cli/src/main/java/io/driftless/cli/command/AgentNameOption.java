package io.driftless.cli.command;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code --name}: what the agent is called, the name of the host where none is given. */
final class AgentNameOption {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private AgentNameOption() {}

  static String orHostName(@Nullable String given) throws CommandFailure {
    String name = given != null ? given : hostName();
    String lower = name.toLowerCase(Locale.ROOT);
    if (!FORM.matcher(lower).matches()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "not an agent's name: " + Escaped.display(name),
          "give one of 1 to 63 of a-z 0-9 . - with --name");
    }
    return lower;
  }

  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return ""; // refused as a name, so that one must be given
    }
  }
}
