package io.driftless.cli.home;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the home that a command means. Immutable. */
public final class Homes {
  private static final Pattern LISTENS = Pattern.compile("(?m)^[ \\t]*listen[ \\t]*=");

  private final Path systemRoot;
  private final Optional<Path> given;
  private final Optional<AgentRole> role;

  /**
   * @param systemRoot {@code /}, elsewhere in tests
   * @param given directory that the command line or the environment names
   * @param role that the command line names
   */
  public Homes(Path systemRoot, Optional<Path> given, Optional<AgentRole> role) {
    this.systemRoot = systemRoot;
    this.given = given.map(path -> path.toAbsolutePath().normalize());
    this.role = role;
  }

  /** The home for an agent of this role, whether there is one yet or not. */
  public Home of(AgentRole wanted) throws CommandFailure {
    if (role.isPresent() && role.get() != wanted) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "usage",
          "this command is for the %s, --role says %s".formatted(wanted.word(), role.get().word()),
          "leave --role out");
    }
    return given
        .map(directory -> Home.in(directory, wanted))
        .orElseGet(() -> Home.ofSystem(systemRoot, wanted));
  }

  /** The home of the agent that lives on this host, whatever its role. */
  public Home present() throws CommandFailure {
    return given.isPresent() ? presentIn(given.get()) : presentOnSystem();
  }

  private Home presentIn(Path directory) throws CommandFailure {
    Home home = Home.in(directory, role.orElse(AgentRole.SOURCE));
    if (!Files.exists(home.config()) && !Files.exists(home.localConfig())) {
      throw absent("no agent is set up in " + Escaped.display(directory.toString()));
    }
    return role.isPresent() || !listens(home) ? home : Home.in(directory, AgentRole.TARGET);
  }

  private Home presentOnSystem() throws CommandFailure {
    if (role.isPresent()) {
      return Home.ofSystem(systemRoot, role.get());
    }
    List<Home> found =
        Stream.of(AgentRole.values())
            .map(each -> Home.ofSystem(systemRoot, each))
            .filter(home -> Files.exists(home.config()))
            .toList();
    if (found.isEmpty()) {
      throw absent("no agent is set up on this host");
    }
    if (found.size() > 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "which-role",
          "both a source and a target live on this host",
          "say --role source or --role target");
    }
    return found.getFirst();
  }

  private static CommandFailure absent(String message) {
    return new CommandFailure(
        ExitCode.USAGE,
        "no-agent",
        message,
        "set one up with driftless target init or driftless source join, or name another --home");
  }

  private static boolean listens(Home home) {
    return Stream.of(home.config(), home.localConfig()).anyMatch(Homes::listens);
  }

  /** Whose configuration a file is: only a target listens. */
  public static AgentRole roleOf(Path file) {
    return listens(file) ? AgentRole.TARGET : AgentRole.SOURCE;
  }

  private static boolean listens(Path file) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) <= TrustedFile.BYTES_MAX
          && LISTENS.matcher(Files.readString(file)).find();
    } catch (IOException e) {
      return false; // whoever reads the configuration next says what is wrong with it
    }
  }
}
