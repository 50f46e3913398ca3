package io.driftless.source.session;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.Obstacle;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.read.EntryReader;
import io.driftless.source.read.UncarriableException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at one entry of the source, through the confined root alone. */
final class EntrySight {
  private final ConfinedRoot root;
  private final List<TreePath> mountPoints;
  private final EntryReader entries = new EntryReader();

  /**
   * A sight of a volume.
   *
   * @param mountPoints where something was mounted at earlier passes
   */
  EntrySight(ConfinedRoot root, List<TreePath> mountPoints) {
    this.root = root;
    this.mountPoints = List.copyOf(mountPoints);
  }

  /** What was seen. */
  sealed interface Seen {
    record Present(Entry entry, FileStatus status) implements Seen {}

    record Absent(String reason) implements Seen {}

    /** Another file system is there, or was. */
    record Mounted(String reason) implements Seen {}

    /** The path leads through something that is no directory. */
    record Outside(String reason) implements Seen {}

    /**
     * It is there and can't be carried.
     *
     * @param kind where it is known
     */
    record Unreadable(Optional<Kind> kind, String slug, String detail) implements Seen {}
  }

  Seen look(TreePath path) throws IOException {
    try {
      Optional<Obstacle> obstacle = Obstacle.on(root, path);
      if (obstacle.isPresent()) {
        return behind(obstacle.get());
      }
      return path.isRoot() ? lookAtRoot() : lookBelow(path);
    } catch (LinuxException e) {
      return e.isAbsent()
          ? new Seen.Absent("it is gone")
          : new Seen.Unreadable(Optional.empty(), "unreadable", String.valueOf(e.getMessage()));
    } catch (UncarriableException e) {
      return new Seen.Unreadable(Optional.empty(), e.reason(), String.valueOf(e.getMessage()));
    }
  }

  private Seen lookAtRoot() throws LinuxException, UncarriableException {
    FileStatus status = root.fd().status();
    return new Seen.Present(entries.read(null, root.fd(), status, LinkRole.ONLY), status);
  }

  private Seen lookBelow(TreePath path) throws IOException, UncarriableException {
    try (Directory above = root.openIfPresent(path.parent())) {
      if (above == null) {
        return new Seen.Absent(path.parent() + " is not there");
      }
      FileStatus status = above.statusIfPresent(path.name());
      if (status == null) {
        return formerMount(path).orElse(new Seen.Absent("it is not there"));
      }
      Optional<Seen> former = formerMount(path);
      return former.isPresent() ? former.get() : lookAt(above, path, status);
    }
  }

  private static Seen behind(Obstacle obstacle) {
    return switch (obstacle.reason()) {
      case MOUNT_POINT -> new Seen.Mounted(obstacle + ": what lies in it is not replicated");
      case NOT_A_DIRECTORY -> new Seen.Outside(obstacle.toString());
    };
  }

  private Optional<Seen> formerMount(TreePath path) {
    return mountPoints.stream()
        .filter(path::startsWith)
        .findFirst()
        .map(at ->
            new Seen.Mounted(
                "%s was a mount point at an earlier pass and is none now: it counts as unread"
                    .formatted(at)));
  }

  private Seen lookAt(Directory above, TreePath path, FileStatus status)
      throws IOException, UncarriableException {
    if (!status.isDirectory()) {
      Entry entry = entries.read(above, path.name(), _ -> LinkRole.ONLY);
      return entry == null ? new Seen.Absent("it is gone") : new Seen.Present(entry, status);
    }
    try (Directory directory = root.openIfPresent(path)) {
      if (directory == null) {
        return new Seen.Absent("it is gone");
      }
      FileStatus self = directory.fd().status();
      return new Seen.Present(entries.read(path.name(), directory.fd(), self, LinkRole.ONLY), self);
    }
  }

  /** Opens a regular file for reading; null if there is none any more. */
  @Nullable Fd open(TreePath path) throws LinuxException {
    try (Directory above = root.openIfPresent(path.parent())) {
      return above == null ? null : above.openForReadingIfPresent(path.name());
    }
  }
}
