package io.driftless.source.watch;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.PathFinder;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The root of a volume as the kernel sees it: where it is now, and who wants to hear of it.
 *
 * <p>Used under the {@link Watcher}'s lock. Holds a descriptor of its own.
 */
final class WatchedRoot implements AutoCloseable {
  private static final Name STAGING = Name.of(".driftless");

  private final ConfinedRoot root;
  private final Directory directory;
  private final ChangeSink sink;
  private final long mountId;
  private byte[] path = {};

  private WatchedRoot(ConfinedRoot root, Directory directory, ChangeSink sink, long mountId) {
    this.root = root;
    this.directory = directory;
    this.sink = sink;
    this.mountId = mountId;
  }

  static WatchedRoot open(ConfinedRoot root, ChangeSink sink) throws LinuxException {
    Directory directory = root.open(TreePath.ROOT);
    try {
      return new WatchedRoot(root, directory, sink, directory.fd().status().mountId());
    } catch (LinuxException e) {
      directory.close();
      throw e;
    }
  }

  /** The whole volume; its own, which outlives this. */
  ConfinedRoot root() {
    return root;
  }

  Directory directory() {
    return directory;
  }

  ChangeSink sink() {
    return sink;
  }

  /** Two roots with the same one have the same paths. */
  long mountId() {
    return mountId;
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
