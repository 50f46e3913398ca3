package io.driftless.source.watch;

import io.driftless.protocol.linux.LinuxException;

/** What stands in the way of watching, and what an administrator can do about it. */
final class Limits {
  private Limits() {}

  static String ofFanotify(LinuxException refused) {
    return switch (refused.errno()) {
      case EPERM -> "fanotify needs root (CAP_SYS_ADMIN)";
      case ENOSYS, EINVAL -> "this kernel's fanotify tells no names (Linux 5.9 does)";
      case EMFILE -> "fanotify has no group left: raise fs.fanotify.max_user_groups";
      case EXDEV -> "fanotify can't mark a btrfs subvolume whose top is not mounted";
      case EOPNOTSUPP, ENODEV -> "fanotify can't tell where a change is on this file system";
      default -> "fanotify is refused: " + refused.getMessage();
    };
  }

  static String ofInotify(LinuxException refused) {
    return switch (refused.errno()) {
      case ENOSPC ->
          "there are more directories than inotify may watch: raise fs.inotify.max_user_watches";
      case EMFILE -> "inotify has no instance left: raise fs.inotify.max_user_instances";
      default -> "inotify is refused: " + refused.getMessage();
    };
  }
}
