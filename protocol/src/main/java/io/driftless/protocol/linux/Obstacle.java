package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.Optional;

/**
 * What keeps a path from leading through directories of one file system alone.
 *
 * @param path up to and with it
 */
public record Obstacle(Reason reason, TreePath path, Kind kind) {
  /** What it is. */
  public enum Reason {
    /** Something is mounted there, or a subvolume begins. */
    MOUNT_POINT,
    /** It is no directory, and the path goes on. */
    NOT_A_DIRECTORY
  }

  /**
   * The first obstacle on a path; empty if there is none, or the path ends before.
   *
   * @throws LinuxException if the way can't be looked at
   */
  public static Optional<Obstacle> on(ConfinedRoot root, TreePath path) throws LinuxException {
    long device = root.fd().status().device();
    TreePath at = TreePath.ROOT;
    for (Name name : path.names()) {
      FileStatus status;
      try (Directory directory = root.openIfPresent(at)) {
        status = directory == null ? null : directory.statusIfPresent(name);
      }
      at = at.resolve(name);
      if (status == null) {
        return Optional.empty();
      }
      if (status.isMountRoot() || status.device() != device) {
        return Optional.of(new Obstacle(Reason.MOUNT_POINT, at, status.kind()));
      }
      if (!status.isDirectory() && at.depth() < path.depth()) {
        return Optional.of(new Obstacle(Reason.NOT_A_DIRECTORY, at, status.kind()));
      }
    }
    return Optional.empty();
  }

  /** For people. */
  @Override
  public String toString() {
    return switch (reason) {
      case MOUNT_POINT -> path + " is a mount point or a subvolume";
      case NOT_A_DIRECTORY ->
          "%s is %s, and paths inside a volume lead through directories only"
              .formatted(path, kind == Kind.SYMLINK ? "a symbolic link" : "no directory");
    };
  }
}
