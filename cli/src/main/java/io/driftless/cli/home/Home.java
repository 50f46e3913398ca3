package io.driftless.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The files of one agent.
 *
 * @param config what a person wrote
 * @param configAdditions directory beside it; its files are read after it
 * @param state directory of the identity, the database and the lock
 * @param socket where the agent answers
 * @param given the directory that {@code --home} named, if it did
 */
public record Home(
    AgentRole role,
    Path config,
    Path configAdditions,
    Path state,
    Path socket,
    Optional<Path> given) {
  /** The kernel's limit for the path of a socket is 108 bytes with a NUL at the end. */
  static final int SOCKET_PATH_BYTES_MAX = 107;

  /** All files in one directory. */
  static Home in(Path directory, AgentRole role) {
    return new Home(
        role,
        directory.resolve("agent.toml"),
        directory.resolve("conf.d"),
        directory,
        directory.resolve("control.sock"),
        Optional.of(directory));
  }

  /** The files of this role in the places that the system keeps for them, below a root. */
  static Home ofSystem(Path root, AgentRole role) {
    Path etc = root.resolve("etc/driftless");
    return new Home(
        role,
        etc.resolve(role.word() + ".toml"),
        etc.resolve(role.word() + ".conf.d"),
        root.resolve("var/lib/driftless").resolve(role.word()),
        root.resolve("run/driftless").resolve(role.word() + ".sock"),
        Optional.empty());
  }

  /** The one file that the command line writes; read last. */
  public Path localConfig() {
    return configAdditions.resolve("90-local.toml");
  }

  public Path identity() {
    return state.resolve("identity");
  }

  public Path database() {
    return state.resolve("state.db");
  }

  /** What is known of the slices of a volume; may be deleted while the agent does not run. */
  public Path witnesses(String volume) {
    return state.resolve("witness-" + volume + ".db");
  }

  public Path lockFile() {
    return state.resolve("agent.lock");
  }

  /** What this agent owns on its host; no volume may hold any of it. */
  public List<Path> ownPlaces() {
    return given.map(List::of).orElseGet(() -> List.of(parentOf(config), state, parentOf(socket)));
  }

  /** How a command that means this home begins. */
  public String command() {
    return given
        .map(directory -> "driftless --home " + Escaped.display(directory.toString()))
        .orElse("driftless");
  }

  /** Makes the directories that are missing; only their owner can enter them. */
  public void prepare() throws CommandFailure {
    checkSocketPath();
    try {
      createPrivate(state);
      createPrivate(parentOf(socket));
      Files.createDirectories(parentOf(config));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "home-not-writable",
          "cannot make the directories of %s: %s"
              .formatted(Escaped.display(state.toString()), Escaped.display(e.toString())),
          "run as root, or name a directory of your own with --home",
          e);
    }
  }

  /** Refuses a home whose socket the kernel could not bind. */
  public void checkSocketPath() throws CommandFailure {
    int bytes = socket.toString().getBytes(UTF_8).length;
    if (bytes > SOCKET_PATH_BYTES_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "home-path-too-long",
          "the control socket %s would have a path of %d bytes, the kernel's limit is %d"
              .formatted(Escaped.display(socket.toString()), bytes, SOCKET_PATH_BYTES_MAX),
          "use a shorter --home");
    }
  }

  private static void createPrivate(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Files.createDirectories(parentOf(directory));
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path : parent;
  }
}
