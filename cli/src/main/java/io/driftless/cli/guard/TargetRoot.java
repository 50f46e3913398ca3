package io.driftless.cli.guard;

import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that shall become a replica: everything in it will be made like the source.
 *
 * @param path absolute, its links resolved
 * @param mountPoint whether a file system is mounted there; if it is missing one day, the volume
 *     must wait for it
 */
public record TargetRoot(Path path, boolean mountPoint) {
  private static final Set<Path> REFUSED =
      Set.of(
          Path.of("/"),
          Path.of("/boot"),
          Path.of("/dev"),
          Path.of("/etc"),
          Path.of("/proc"),
          Path.of("/root"),
          Path.of("/run"),
          Path.of("/sys"),
          Path.of("/usr"),
          Path.of("/var"));
  private static final List<Path> REFUSED_WITH_ALL_BELOW =
      List.of(Path.of("/proc"), Path.of("/sys"));

  /** Whether an administrator has said that the guard may be passed. */
  public enum Force {
    NOT_FORCED,
    FORCED
  }

  /**
   * Looks at a directory.
   *
   * @param taken other roots and our own directories, which may not overlap with it
   * @throws CommandFailure if it is missing or no directory, or {@code target-root} if it is
   *     refused and not forced
   */
  public static TargetRoot inspect(Path wanted, List<Path> taken, MountTable mounts, Force force)
      throws CommandFailure {
    Path real = realDirectory(wanted, "a target's root");
    if (force == Force.NOT_FORCED) {
      Optional<String> reason = refusal(real, taken);
      if (reason.isPresent()) {
        throw new CommandFailure(
            ExitCode.REFUSED,
            "target-root",
            show(wanted) + " " + reason.get(),
            "choose a directory of its own, or pass --force-root if you are certain");
      }
    }
    return new TargetRoot(real, mounts.isMountPoint(real));
  }

  /**
   * A directory with its links resolved.
   *
   * @throws CommandFailure if it is missing or something else, with what to do
   */
  public static Path realDirectory(Path wanted, String what) throws CommandFailure {
    try {
      if (!Files.exists(wanted)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "root-missing",
            "%s does not exist".formatted(show(wanted)),
            "make it first (mkdir -p), or mount what belongs there");
      }
      if (!Files.isDirectory(wanted)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "root-not-a-directory",
            "%s is not a directory".formatted(show(wanted)),
            what + " must be one: name a directory");
      }
      return wanted.toRealPath();
    } catch (CommandFailure e) {
      throw e;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "root-unreadable",
          "%s cannot be looked at: %s".formatted(show(wanted), Escaped.display(e.toString())),
          "run as root, or choose another directory",
          e);
    }
  }

  private static Optional<String> refusal(Path real, List<Path> taken) {
    if (REFUSED.contains(real)) {
      return Optional.of("belongs to the running system");
    }
    if (REFUSED_WITH_ALL_BELOW.stream().anyMatch(real::startsWith)) {
      return Optional.of("lies in a file system of the kernel");
    }
    return taken.stream()
        .map(TargetRoot::resolved)
        .filter(other -> real.startsWith(other) || other.startsWith(real))
        .findFirst()
        .map(other -> "overlaps with " + show(other));
  }

  private static Path resolved(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize(); // not made yet
    }
  }

  private static String show(Path path) {
    return Escaped.display(path.toString());
  }
}
