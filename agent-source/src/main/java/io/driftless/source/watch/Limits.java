package io.driftless.source.watch;

import io.driftless.protocol.linux.LinuxException;

/** What stands in the way of watching, and what an administrator can do about it. */
final class Limits {
  /** A watched directory costs some 200 bytes here, and more in the kernel. */
  static final int DIRECTORIES_MAX = 200_000;

  private Limits() {}

  static UnwatchableException ofFanotify(LinuxException refused) {
    String reason =
        switch (refused.errno()) {
          case EPERM -> "fanotify needs root (CAP_SYS_ADMIN)";
          case ENOSYS, EINVAL -> "this kernel's fanotify tells no names (Linux 5.9 does)";
          case EMFILE -> "fanotify has no group left: raise fs.fanotify.max_user_groups";
          case EXDEV -> "fanotify can't mark a btrfs subvolume whose top is not mounted";
          case EOPNOTSUPP, ENODEV -> "fanotify can't tell where a change is on this file system";
          default -> "fanotify is refused: " + refused.getMessage();
        };
    return new UnwatchableException(reason, refused);
  }

  static UnwatchableException ofInotify(LinuxException refused) {
    String reason =
        switch (refused.errno()) {
          case ENOSPC ->
              "there are more directories than inotify may watch: raise fs.inotify.max_user_watches";
          case EMFILE -> "inotify has no instance left: raise fs.inotify.max_user_instances";
          default -> "inotify is refused: " + refused.getMessage();
        };
    return new UnwatchableException(reason, refused);
  }

  static UnwatchableException ofDirectories() {
    return new UnwatchableException(
        "there are more than %,d directories, too many for inotify".formatted(DIRECTORIES_MAX));
  }
}
