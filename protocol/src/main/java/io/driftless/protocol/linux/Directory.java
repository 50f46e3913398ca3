package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open directory of a volume and what can be done to its entries.
 *
 * <p>Each entry is one {@link Name}, looked up by the kernel in this very directory: whatever is
 * done to the tree meanwhile, nothing outside is reached, and a symbolic link is never followed but
 * acted upon itself or refused. A {@link ConfinementException} tells what stood in the way; other
 * refusals are {@link LinuxException}s.
 *
 * <p>Owned by whoever opened it. Calls may come from several threads; listing only from one.
 */
public final class Directory implements AutoCloseable {
  private static final int SYMLINK_NOFOLLOW = 0x100;
  private static final int REMOVE_DIRECTORY = 0x200;
  private static final int EMPTY_PATH = 0x1000;
  private static final int SYMLINK_FOLLOW = 0x400;

  private static final int READING = OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING;
  private static final int WRITING = OpenFlags.READ_WRITE | OpenFlags.NON_BLOCKING;
  private static final int CREATING = OpenFlags.READ_WRITE | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;

  private final ConfinedRoot root;
  private final Fd fd;
  private final Place place;
  private boolean listed;

  Directory(ConfinedRoot root, Fd fd, Place place) {
    this.root = root;
    this.fd = fd;
    this.place = place;
  }

  /** Its own descriptor: for its status, owner, times, attributes. Closed with the directory. */
  public Fd fd() {
    return fd;
  }

  /** Where it was when it was opened. */
  public TreePath path() {
    return place.path();
  }

  Place place() {
    return place;
  }

  long fileSystemType() {
    return root.fileSystemType();
  }

  // Opening

  /** Opens a subdirectory. */
  public Directory openChild(Name name) throws LinuxException {
    Directory child = openChildIfPresent(name);
    if (child == null) {
      throw failure(root.openCall(), -Errno.ENOENT.number(), name);
    }
    return child;
  }

  /** As {@link #openChild}, or null where there is nothing of this name. */
  public @Nullable Directory openChildIfPresent(Name name) throws LinuxException {
    return root.openDirectory(fd, place, TreePath.ROOT.resolve(name));
  }

  /**
   * Opens an entry for reading, without moving its access time where that is allowed.
   *
   * <p>Never blocks, not even on a FIFO: look at the descriptor's status before trusting that it is
   * the regular file that it was.
   */
  public Fd openForReading(Name name) throws LinuxException {
    return opened(openedForReading(name), name);
  }

  /** As {@link #openForReading}, or null where there is nothing of this name. */
  public @Nullable Fd openForReadingIfPresent(Name name) throws LinuxException {
    long opened = openedForReading(name);
    return Errno.ENOENT.is(opened) ? null : opened(opened, name);
  }

  /** Only the owner of a file and root may leave its access time alone. */
  private long openedForReading(Name name) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long opened = root.openLeaf(scratch, this, name, READING | OpenFlags.NO_ACCESS_TIME, 0);
    return Errno.EPERM.is(opened) ? root.openLeaf(scratch, this, name, READING, 0) : opened;
  }

  /** Opens an existing entry for reading and writing. Never blocks; check what it is. */
  public Fd openForWriting(Name name) throws LinuxException {
    return opened(root.openLeaf(Scratch.ofThisThread(), this, name, WRITING, 0), name);
  }

  /** Makes a regular file, open for reading and writing; fails with EEXIST where one exists. */
  public Fd create(Name name, int permissions) throws LinuxException {
    return opened(root.openLeaf(Scratch.ofThisThread(), this, name, CREATING, permissions), name);
  }

  /**
   * Makes a regular file that has no name until {@link #linkOpen} gives it one.
   *
   * @throws LinuxException unsupported on some file systems (EOPNOTSUPP)
   */
  public Fd createUnnamed(int permissions) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long opened =
        Kernel.call(
            scratch,
            SystemCall.OPENAT,
            fd.number(),
            scratch.path(new byte[] {'.'}),
            OpenFlags.UNNAMED | OpenFlags.READ_WRITE | OpenFlags.CLOSE_ON_EXEC,
            permissions);
    if (opened < 0) {
      throw new LinuxException(SystemCall.OPENAT, opened, place);
    }
    return new Fd((int) opened, place);
  }

  /** Opens an entry of any kind as a mere reference: it can't be read, and nothing notices. */
  public Fd openReference(Name name) throws LinuxException {
    return opened(root.openLeaf(Scratch.ofThisThread(), this, name, OpenFlags.PATH_ONLY, 0), name);
  }

  private Fd opened(long result, Name name) throws LinuxException {
    if (result < 0) {
      throw failure(root.openCall(), result, name);
    }
    return new Fd((int) result, place.resolve(name));
  }

  // Looking

  /** Starts reading the names; close the cursor when done. */
  public DirectoryEntries entries() throws LinuxException {
    if (listed) {
      rewind();
    }
    listed = true;
    return new DirectoryEntries(this);
  }

  void rewind() throws LinuxException {
    fd.seekToStart();
  }

  /** The status of an entry, of a symbolic link itself. */
  public FileStatus status(Name name) throws LinuxException {
    FileStatus status = statusIfPresent(name);
    if (status == null) {
      throw failure(SystemCall.STATX, -Errno.ENOENT.number(), name);
    }
    return status;
  }

  /** As {@link #status}, or null where there is nothing of this name. */
  public @Nullable FileStatus statusIfPresent(Name name) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result = StatusCall.fill(scratch, fd.number(), scratch.name(name));
    if (result == 0) {
      return new FileStatus(scratch);
    }
    if (Errno.ENOENT.is(result)) {
      return null;
    }
    throw failure(SystemCall.STATX, result, name);
  }

  /** The target of a symbolic link; fails with EINVAL where the entry is none. */
  public byte[] readLink(Name name) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    MemorySegment large = scratch.large();
    long length =
        Kernel.call(
            scratch,
            SystemCall.READLINKAT,
            fd.number(),
            scratch.name(name),
            large.address(),
            Scratch.LARGE_BYTES);
    check(SystemCall.READLINKAT, length, name);
    return large.asSlice(0, length).toArray(JAVA_BYTE);
  }

  // Making

  public void makeDirectory(Name name, int permissions) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(
        SystemCall.MKDIRAT,
        Kernel.call(scratch, SystemCall.MKDIRAT, fd.number(), scratch.name(name), permissions),
        name);
  }

  /** Makes a FIFO or a socket. */
  public void makeSpecial(Name name, Kind kind, int permissions) throws LinuxException {
    makeNode(name, kind.code() << 12 | permissions, 0);
  }

  /** Makes a device node. */
  public void makeDevice(Name name, Kind kind, int permissions, DeviceNumber number)
      throws LinuxException {
    makeNode(name, kind.code() << 12 | permissions, number.encoded());
  }

  private void makeNode(Name name, int mode, long device) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    check(
        SystemCall.MKNODAT,
        Kernel.call(scratch, SystemCall.MKNODAT, fd.number(), scratch.name(name), mode, device),
        name);
  }

  /** Makes a symbolic link; the target is not looked at. */
  public void makeSymlink(Name name, byte[] target) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result =
        target.length > Scratch.PATH_BYTES
            ? -Errno.ENAMETOOLONG.number()
            : Kernel.call(
                scratch,
                SystemCall.SYMLINKAT,
                scratch.path(target),
                fd.number(),
                scratch.name(name));
    check(SystemCall.SYMLINKAT, result, name);
  }

  /** Gives an entry, which may be a symbolic link, a second name. */
  public void link(Name existing, Directory into, Name name) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result =
        Kernel.call(
            scratch,
            SystemCall.LINKAT,
            fd.number(),
            scratch.name(existing),
            into.fd.number(),
            scratch.otherName(name),
            0);
    checkBoth(SystemCall.LINKAT, result, existing, into, name);
  }

  /** Gives an open file a name in this directory: an unnamed one its first. */
  public void linkOpen(Fd file, Name name) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result =
        Kernel.call(
            scratch,
            SystemCall.LINKAT,
            Kernel.NO_DIRECTORY,
            scratch.descriptorPath(file.number()),
            fd.number(),
            scratch.name(name),
            SYMLINK_FOLLOW);
    check(SystemCall.LINKAT, result, name);
  }

  /**
   * Renames an entry, atomically.
   *
   * @throws LinuxException EINVAL where the file system can do only {@link RenameMode#REPLACE}
   */
  public void rename(Name existing, Directory into, Name name, RenameMode mode)
      throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result =
        Kernel.call(
            scratch,
            SystemCall.RENAMEAT2,
            fd.number(),
            scratch.name(existing),
            into.fd.number(),
            scratch.otherName(name),
            mode.flags);
    checkBoth(SystemCall.RENAMEAT2, result, existing, into, name);
  }

  // Removing

  /**
   * Removes an entry that isn't a directory.
   *
   * @return false if there was none
   * @throws LinuxException EISDIR if it is a directory
   */
  public boolean remove(Name name) throws LinuxException {
    return unlink(name, 0);
  }

  /**
   * Removes an empty directory.
   *
   * @return false if there was none
   * @throws LinuxException ENOTEMPTY, ENOTDIR, or EBUSY if something is mounted on it
   */
  public boolean removeDirectory(Name name) throws LinuxException {
    return unlink(name, REMOVE_DIRECTORY);
  }

  private boolean unlink(Name name, int flags) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result = Kernel.call(scratch, SystemCall.UNLINKAT, fd.number(), scratch.name(name), flags);
    if (Errno.ENOENT.is(result)) {
      return false;
    }
    check(SystemCall.UNLINKAT, result, name);
    return true;
  }

  // Metadata of entries

  /** Changes owner and group, of a symbolic link itself; -1 leaves one as it is. */
  public void chown(Name name, int uid, int gid) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result =
        Kernel.call(
            scratch,
            SystemCall.FCHOWNAT,
            fd.number(),
            scratch.name(name),
            uid,
            gid,
            SYMLINK_NOFOLLOW);
    check(SystemCall.FCHOWNAT, result, name);
  }

  /**
   * Changes the twelve permission bits.
   *
   * @throws LinuxException EOPNOTSUPP for a symbolic link, which has none of its own
   */
  public void chmod(Name name, int permissions) throws LinuxException {
    if (!root.features().modeOfLeaf()) {
      chmodThroughReference(name, permissions);
      return;
    }
    Scratch scratch = Scratch.ofThisThread();
    long result =
        Kernel.call(
            scratch,
            SystemCall.FCHMODAT2,
            fd.number(),
            scratch.name(name),
            permissions,
            SYMLINK_NOFOLLOW);
    check(SystemCall.FCHMODAT2, result, name);
  }

  private void chmodThroughReference(Name name, int permissions) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    try (Fd reference = openReference(name)) {
      if (reference.status().isSymlink()) {
        throw failure(SystemCall.FCHMODAT, -Errno.EOPNOTSUPP.number(), name);
      }
      long path = scratch.descriptorPath(reference.number());
      check(
          SystemCall.FCHMODAT,
          Kernel.call(scratch, SystemCall.FCHMODAT, Kernel.NO_DIRECTORY, path, permissions),
          name);
    }
  }

  /** Sets the times, of a symbolic link itself. */
  public void setTimes(Name name, FileTimes times) throws LinuxException {
    Scratch scratch = Scratch.ofThisThread();
    long result =
        Kernel.call(
            scratch,
            SystemCall.UTIMENSAT,
            fd.number(),
            scratch.name(name),
            times.in(scratch),
            SYMLINK_NOFOLLOW);
    check(SystemCall.UTIMENSAT, result, name);
  }

  /** The names of the extended attributes of an entry of any kind; mostly none, in one call. */
  public List<byte[]> attributes(Name name) throws LinuxException {
    if (root.features().attributesOfLeaf()) {
      return ExtendedAttributes.OF_LEAF.list(fd.number(), name, place);
    }
    try (Fd reference = openReference(name)) {
      return ExtendedAttributes.OF_REFERENCE.list(reference.number(), name, place);
    }
  }

  /** The value of an extended attribute, or null where the entry has none of this name. */
  public byte @Nullable [] attribute(Name name, byte[] attribute) throws LinuxException {
    if (root.features().attributesOfLeaf()) {
      return ExtendedAttributes.OF_LEAF.get(fd.number(), name, attribute, place);
    }
    try (Fd reference = openReference(name)) {
      return ExtendedAttributes.OF_REFERENCE.get(reference.number(), name, attribute, place);
    }
  }

  public void setAttribute(Name name, byte[] attribute, byte[] value) throws LinuxException {
    if (root.features().attributesOfLeaf()) {
      ExtendedAttributes.OF_LEAF.set(fd.number(), name, attribute, value, place);
      return;
    }
    try (Fd reference = openReference(name)) {
      ExtendedAttributes.OF_REFERENCE.set(reference.number(), name, attribute, value, place);
    }
  }

  /** Removes an extended attribute; false if there was none. */
  public boolean removeAttribute(Name name, byte[] attribute) throws LinuxException {
    if (root.features().attributesOfLeaf()) {
      return ExtendedAttributes.OF_LEAF.remove(fd.number(), name, attribute, place);
    }
    try (Fd reference = openReference(name)) {
      return ExtendedAttributes.OF_REFERENCE.remove(reference.number(), name, attribute, place);
    }
  }

  /**
   * The inode flags of an entry that the caller knows to be of this kind, as {@link InodeFlags} has
   * them; 0 for kinds that have none and file systems that know none. Never opens a device, a FIFO
   * or a socket.
   */
  public int inodeFlags(Name name, Kind kind) throws LinuxException {
    if (kind != Kind.REGULAR && kind != Kind.DIRECTORY) {
      return 0;
    }
    return InodeFlags.ofLeaf(this, root.features(), name, kind);
  }

  // Failing

  private void check(SystemCall call, long result, Name name) throws LinuxException {
    if (result < 0) {
      throw failure(call, result, name);
    }
  }

  private void checkBoth(SystemCall call, long result, Name from, Directory into, Name to)
      throws LinuxException {
    if (result < 0) {
      throw new LinuxException(call, result, place.resolve(from) + " -> " + into.place.resolve(to));
    }
  }

  LinuxException failure(SystemCall call, long result, Name name) {
    return new LinuxException(call, result, place.resolve(name));
  }

  @Override
  public void close() {
    fd.close();
  }
}
