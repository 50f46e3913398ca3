package io.driftless.source.watch;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.PathFinder;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the root of a volume is now, as the kernel sees it. Holds a descriptor of its own; confined
 * to one thread at a time.
 */
final class RootPath implements AutoCloseable {
  private static final Name STAGING = Name.of(".driftless");

  private final Directory directory;
  private final FileStatus status;
  private byte[] path = {};

  private RootPath(Directory directory, FileStatus status) {
    this.directory = directory;
    this.status = status;
  }

  static RootPath open(ConfinedRoot root) throws LinuxException {
    Directory directory = root.open(TreePath.ROOT);
    try {
      return new RootPath(directory, directory.fd().status());
    } catch (LinuxException e) {
      directory.close();
      throw e;
    }
  }

  Fd fd() {
    return directory.fd();
  }

  /** As it was when it was opened: its device and mount stay. */
  FileStatus status() {
    return status;
  }

  /**
   * Looks where the root is.
   *
   * @return whether it is where it was
   */
  boolean isInPlace(PathFinder finder) {
    byte[] now = finder.find(directory.fd()) == PathFinder.Answer.FOUND ? finder.path() : path;
    boolean isInPlace = Arrays.equals(now, path);
    path = now;
    return isInPlace;
  }

  /** Where an absolute path is in the volume; null if it isn't, or is our own. */
  @Nullable TreePath relative(byte[] absolute) {
    int prefix = path.length == 1 ? 0 : path.length;
    if (path.length == 0 || absolute.length < prefix || !startsWithRoot(absolute, prefix)) {
      return null;
    }
    if (absolute.length <= prefix + 1) {
      return TreePath.ROOT;
    }
    if (absolute[prefix] != '/') {
      return null;
    }
    TreePath found = parse(Arrays.copyOfRange(absolute, prefix + 1, absolute.length));
    return found == null || isOurOwn(found) ? null : found;
  }

  private boolean startsWithRoot(byte[] absolute, int prefix) {
    return Arrays.mismatch(absolute, 0, prefix, path, 0, prefix) < 0;
  }

  /** What was deleted has a suffix, and may be no name any more. */
  private static @Nullable TreePath parse(byte[] relative) {
    try {
      return TreePath.of(relative);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isOurOwn(TreePath path) {
    TreePath top = path;
    while (top.depth() > 1) {
      top = top.parent();
    }
    return isOurOwn(TreePath.ROOT, top.name());
  }

  /** What Driftless keeps in a root. */
  static boolean isOurOwn(TreePath directory, Name name) {
    return directory.isRoot() && name.equals(STAGING);
  }

  @Override
  public void close() {
    directory.close();
  }
}
