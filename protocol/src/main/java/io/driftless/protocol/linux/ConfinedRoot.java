package io.driftless.protocol.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * The root of a volume, held open: everything in the volume is reached from here, by descriptor.
 *
 * <p>The path of the root is resolved once, when it is opened; renaming what lies above it later
 * changes nothing. May be used by several threads; what it opens belongs to whom it is given to.
 */
public final class ConfinedRoot implements AutoCloseable {
  private static final int FLAGS = OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW;

  private final Fd fd;
  private final Place place;
  private final Mount mount;
  private final long fileSystemType;
  private final KernelFeatures features;
  private final Resolver resolver;

  private ConfinedRoot(Fd fd, Place place, KernelFeatures features) throws LinuxException {
    this.fd = fd;
    this.place = place;
    this.features = features;
    this.mount = Mount.of(Scratch.ofThisThread(), fd.number());
    this.fileSystemType = fd.fileSystem().type();
    this.resolver = features.confinedOpen() ? new OneCallResolver() : new StepwiseResolver(mount);
  }

  /**
   * Opens the directory at an absolute path, in UTF-8.
   *
   * @throws ConfinementException if the last component is a symbolic link or not a directory
   * @throws LinuxException if it can't be opened
   */
  public static ConfinedRoot open(String path) throws LinuxException {
    return open(path.getBytes(UTF_8));
  }

  /** As {@link #open(String)}, for a path that isn't text. */
  public static ConfinedRoot open(byte[] path) throws LinuxException {
    return open(path, KernelFeatures.ofThisKernel());
  }

  static ConfinedRoot open(byte[] path, KernelFeatures features) throws LinuxException {
    if (path.length == 0 || path[0] != '/') {
      throw new IllegalArgumentException(
          "the root of a volume needs an absolute path: " + Escaped.display(path, 0, path.length));
    }
    Scratch scratch = Scratch.ofThisThread();
    var place = new Place(Escaped.display(path, 0, path.length), TreePath.ROOT);
    long opened =
        Kernel.call(
            scratch,
            SystemCall.OPENAT,
            Kernel.NO_DIRECTORY,
            scratch.path(path),
            FLAGS | OpenFlags.CLOSE_ON_EXEC,
            0);
    if (opened < 0) {
      throw Refusal.ofRoot(scratch, path, place, opened);
    }
    Fd fd = new Fd((int) opened, place);
    try {
      return new ConfinedRoot(fd, place, features);
    } catch (LinuxException e) {
      fd.close();
      throw e;
    }
  }

  /** The root's own descriptor, held since it was opened: for syncing, locking, identifying. */
  public Fd fd() {
    return fd;
  }

  /** The path that it was opened by, escaped for people. */
  public String name() {
    return place.root();
  }

  /**
   * Opens a directory of the volume. Listing it doesn't move its access time where that is allowed.
   *
   * @throws ConfinementException if the path leads through or to something else than directories of
   *     this mount; it names the component
   */
  public Directory open(TreePath path) throws LinuxException {
    Directory directory = openIfPresent(path);
    if (directory == null) {
      throw new LinuxException(openCall(), -Errno.ENOENT.number(), new Place(place.root(), path));
    }
    return directory;
  }

  /** As {@link #open}, or null where the path leads to nothing. */
  public @Nullable Directory openIfPresent(TreePath path) throws LinuxException {
    return openDirectory(fd, place, path);
  }

  /** Opens a directory below a descriptor of this volume. */
  @Nullable Directory openDirectory(Fd from, Place base, TreePath path) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    int flags = FLAGS | OpenFlags.CLOSE_ON_EXEC;
    int quietly = flags | OpenFlags.NO_ACCESS_TIME;
    long opened = resolver.openDirectory(scratch, from.number(), path, quietly);
    if (Errno.EPERM.is(opened)) {
      opened = resolver.openDirectory(scratch, from.number(), path, flags);
    }
    if (opened >= 0) {
      Place found = base.path().isRoot() ? new Place(base.root(), path) : below(base, path);
      return new Directory(this, new Fd((int) opened, found), found);
    }
    if (Errno.ENOENT.is(opened)) {
      return null;
    }
    throw refusal(scratch).ofDirectory(from, base, path.names(), opened);
  }

  private static Place below(Place base, TreePath path) {
    Place at = base;
    for (Name name : path.names()) {
      at = at.resolve(name);
    }
    return at;
  }

  /** Opens an entry of a directory; a negated errno that isn't a refusal is the caller's. */
  long openLeaf(Scratch scratch, Directory in, Name name, int flags, int mode)
      throws ConfinementException {
    int all = flags | OpenFlags.NO_FOLLOW | OpenFlags.CLOSE_ON_EXEC;
    long opened = resolver.openLeaf(scratch, in.fd().number(), name, all, mode);
    if (Errno.ELOOP.is(opened) || Errno.EXDEV.is(opened)) {
      throw refusal(scratch).ofLeaf(in.fd(), in.place(), name, opened);
    }
    return opened;
  }

  private Refusal refusal(Scratch scratch) {
    return new Refusal(scratch, mount, openCall());
  }

  SystemCall openCall() {
    return features.confinedOpen() ? SystemCall.OPENAT2 : SystemCall.OPENAT;
  }

  /** The magic number; one mount, so one for the whole volume. */
  long fileSystemType() {
    return fileSystemType;
  }

  KernelFeatures features() {
    return features;
  }

  @Override
  public void close() {
    fd.close();
  }
}
