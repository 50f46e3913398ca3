package io.driftless.target.stage;

import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import java.util.List;

/**
 * Gives inodes their metadata, in the order that the kernel demands: owner, ACLs and attributes,
 * mode, capabilities, times, flags. What the file system can't carry becomes a problem; the rest is
 * still done. Thread-safe.
 */
public final class MetadataWriter {
  /** Whether the flags that refuse every later change are set as well. */
  public enum Locking {
    SET,
    /** Not yet: the entry has still to be renamed. */
    LEAVE
  }

  private static final Bytes CAPABILITY = Bytes.of("security.capability");
  private static final Bytes ACCESS_ACL = Bytes.of("system.posix_acl_access");
  private static final int SPECIAL_BITS = 07000;
  private static final int SET_ID_BITS = 06000;
  private static final int OWNER_WRITES = 0200;

  private final int ownUid;
  private final int ownGid;
  private final Room room;
  private final ProblemSink problems;
  private volatile boolean nanosAreKept;

  /**
   * A writer.
   *
   * @param ownUid owner that an inode has when it is made
   * @param ownGid group that an inode has when it is made in the staging area
   */
  public MetadataWriter(int ownUid, int ownGid, Room room, ProblemSink problems) {
    this.ownUid = ownUid;
    this.ownGid = ownGid;
    this.room = room;
    this.problems = problems;
  }

  /**
   * The permissions to make an inode with: final, but for the bits that a change of owner clears.
   */
  public static int permissionsAtBirth(Metadata wanted) {
    return wanted.permissions() & ~SPECIAL_BITS;
  }

  /**
   * Sets the flags that a file system takes only from a file that is still empty: btrfs decides
   * then whether its content is ever written in place.
   *
   * @return the flags that the file has now, of those that are carried
   */
  static int setFlagsAtBirth(Fd file, int wanted) throws LinuxException {
    int atBirth = wanted & InodeFlags.NOCOW;
    if (atBirth == 0) {
      return 0;
    }
    try {
      file.setInodeFlags(file.inodeFlags() | atBirth);
    } catch (LinuxException e) {
      if (isFatal(e)) {
        throw e;
      }
      return 0; // told when all flags are set
    }
    return file.inodeFlags() & InodeFlags.CARRIED;
  }

  /** Tells whether a file can get flags only by being made anew. */
  public static boolean needsRebirth(Fd file, int found, int wanted) throws LinuxException {
    return ((found ^ wanted) & InodeFlags.NOCOW) != 0
        && file.fileSystem().type() == FileSystem.BTRFS
        && file.status().size() > 0;
  }

  /**
   * Completes an inode that was made in the staging area with {@link #permissionsAtBirth}, after
   * its content was written.
   *
   * @param inheritedFlags that it was born with
   * @throws LinuxException no room, or the storage fails
   */
  public void complete(
      Inode inode, Metadata wanted, int inheritedFlags, Locking locking, TreePath path)
      throws LinuxException {
    boolean owned =
        wanted.owner() == ownUid && wanted.group() == ownGid || isChowned(inode, wanted, path);
    List<Attribute> attributes = wanted.attributes();
    boolean opened = !attributes.isEmpty() && mustOpen(wanted);
    if (opened) {
      chmod(inode, permissionsAtBirth(wanted) | OWNER_WRITES, path);
    }
    if (!attributes.isEmpty()) {
      setAttributes(inode, attributes, path);
    }
    if (opened || (wanted.permissions() & SPECIAL_BITS) != 0 || has(attributes, ACCESS_ACL)) {
      chmod(inode, permissions(wanted, owned), path);
    }
    if (owned && !attributes.isEmpty()) {
      setCapability(inode, attributes, path);
    }
    setTimes(inode, wanted, path);
    int flags = locking == Locking.SET ? wanted.flags() : wanted.flags() & ~InodeFlags.LOCKING;
    if (flags != inheritedFlags) {
      setFlags(inode, flags, path);
    }
  }

  /** Whether modes bind the agent: root may do everything in any directory. */
  public boolean isBoundByModes() {
    return !ThisProcess.has(ThisProcess.Capability.DAC_OVERRIDE);
  }

  /** Attributes of users can be changed only by those who may write. */
  private boolean mustOpen(Metadata wanted) {
    return isBoundByModes()
        && wanted.kind() != Kind.SYMLINK
        && (wanted.permissions() & OWNER_WRITES) == 0;
  }

  /**
   * Changes an inode that is in use from what it has to what is wanted. At no moment is it more
   * open than before or after.
   */
  public void repair(Inode inode, Metadata found, Metadata wanted, TreePath path)
      throws LinuxException {
    if ((found.flags() & InodeFlags.LOCKING) != 0) {
      inode.setFlags(inode.flags() & ~InodeFlags.LOCKING);
    }
    boolean owned = found.owner() == wanted.owner() && found.group() == wanted.group();
    boolean sameAttributes = found.attributes().equals(wanted.attributes());
    boolean sameMode = found.permissions() == wanted.permissions();
    if (!owned) {
      if (found.kind() != Kind.SYMLINK) {
        chmod(inode, found.permissions() & wanted.permissions() & ~SPECIAL_BITS, path);
      }
      owned = isChowned(inode, wanted, path);
      sameMode = false;
    }
    if (!sameAttributes) {
      if (mustOpen(found)) {
        chmod(inode, (found.permissions() & ~SPECIAL_BITS) | OWNER_WRITES, path);
      }
      removeAttributes(inode, found.attributes(), wanted.attributes(), path);
      setAttributes(inode, wanted.attributes(), path);
    }
    if (!sameAttributes || !sameMode) {
      chmod(inode, permissions(wanted, owned), path);
      if (owned) {
        setCapability(inode, wanted.attributes(), path);
      }
    }
    if (!found.modified().equals(wanted.modified())) {
      setTimes(inode, wanted, path);
    }
    if (found.flags() != wanted.flags() || (found.flags() & InodeFlags.LOCKING) != 0) {
      setFlags(inode, wanted.flags(), path);
    }
  }

  private boolean isChowned(Inode inode, Metadata wanted, TreePath path) throws LinuxException {
    try {
      inode.chown(wanted.owner(), wanted.group());
      return true;
    } catch (LinuxException e) {
      carryOn(e, path, "owner-unsupported", "owner");
      return false;
    }
  }

  /** Nothing runs with the rights of an owner that it doesn't have at the source. */
  private static int permissions(Metadata wanted, boolean owned) {
    return owned ? wanted.permissions() : wanted.permissions() & ~SET_ID_BITS;
  }

  private void chmod(Inode inode, int permissions, TreePath path) throws LinuxException {
    try {
      inode.chmod(permissions);
    } catch (LinuxException e) {
      carryOn(e, path, "mode-unsupported", "mode");
    }
  }

  private void setAttributes(Inode inode, List<Attribute> attributes, TreePath path)
      throws LinuxException {
    for (Attribute attribute : attributes) {
      if (!attribute.name().equals(CAPABILITY)) {
        setAttribute(inode, attribute, path);
      }
    }
  }

  private void setCapability(Inode inode, List<Attribute> attributes, TreePath path)
      throws LinuxException {
    for (Attribute attribute : attributes) {
      if (attribute.name().equals(CAPABILITY)) {
        setAttribute(inode, attribute, path);
      }
    }
  }

  private void setAttribute(Inode inode, Attribute attribute, TreePath path) throws LinuxException {
    try {
      inode.setAttribute(attribute.name().toBytes(), attribute.value().toBytes());
    } catch (LinuxException e) {
      if (e.isNoRoom() && room.isPlenty()) { // the inode is full, not the file system
        problems.add(path, "attribute-no-room", "no room in the inode for " + attribute.name());
        return;
      }
      carryOn(e, path, "attribute-unsupported", "attribute " + attribute.name());
    }
  }

  private void removeAttributes(
      Inode inode, List<Attribute> found, List<Attribute> wanted, TreePath path)
      throws LinuxException {
    for (Attribute attribute : found) {
      if (!has(wanted, attribute.name())) {
        try {
          inode.removeAttribute(attribute.name().toBytes());
        } catch (LinuxException e) {
          carryOn(e, path, "attribute-unsupported", "attribute " + attribute.name());
        }
      }
    }
  }

  private static boolean has(List<Attribute> attributes, Bytes name) {
    for (Attribute attribute : attributes) {
      if (attribute.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private void setTimes(Inode inode, Metadata wanted, TreePath path) throws LinuxException {
    Timestamp modified = wanted.modified();
    Timestamp accessed = wanted.accessed();
    try {
      inode.setTimes(
          new FileTimes(
              accessed.seconds(), accessed.nanos(), modified.seconds(), modified.nanos()));
    } catch (LinuxException e) {
      carryOn(e, path, "time-unsupported", "time");
      return;
    }
    boolean usual = modified.seconds() >= 0 && modified.seconds() <= Integer.MAX_VALUE;
    if (!usual || !nanosAreKept) {
      checkTime(inode, modified, path);
    }
  }

  /** File systems clamp and round without a word. */
  private void checkTime(Inode inode, Timestamp wanted, TreePath path) throws LinuxException {
    FileStatus status = inode.status();
    var found = new Timestamp(status.modifiedSeconds(), status.modifiedNanos());
    if (!found.equals(wanted)) {
      problems.add(
          path,
          "time-unsupported",
          "modified %d.%09d is kept as %d.%09d by this file system"
              .formatted(wanted.seconds(), wanted.nanos(), found.seconds(), found.nanos()));
    } else if (wanted.nanos() % 1000 != 0) {
      nanosAreKept = true;
    }
  }

  /** Sets the carried flags to exactly these and leaves those that the file system keeps itself. */
  public void setFlags(Inode inode, int flags, TreePath path) throws LinuxException {
    int present = inode.flags();
    int own = present & ~InodeFlags.CARRIED;
    if ((present & InodeFlags.CARRIED) == flags) {
      return;
    }
    try {
      inode.setFlags(own | flags);
    } catch (LinuxException e) {
      setFlagsOneByOne(inode, own, flags, path, e);
      return;
    }
    int missing = flags & ~inode.flags();
    if (missing != 0) {
      problems.add(path, "flag-unsupported", flagDetail(missing));
    }
  }

  private void setFlagsOneByOne(
      Inode inode, int own, int flags, TreePath path, LinuxException refusal)
      throws LinuxException {
    int set = own;
    int missing = 0;
    for (int rest = flags & ~InodeFlags.LOCKING; rest != 0; rest &= rest - 1) {
      int flag = rest & -rest;
      if (canSet(inode, set | flag)) {
        set |= flag;
      } else {
        missing |= flag;
      }
    }
    int locking = flags & InodeFlags.LOCKING;
    if (locking != 0 && !canSet(inode, set | locking)) {
      missing |= locking;
    }
    if (missing == 0) {
      throw refusal;
    }
    problems.add(
        path,
        "flag-unsupported",
        refusal.errno() == Errno.EPERM
            ? "inode flags 0x%x were not set: %s".formatted(missing, refusal.errno().text())
            : flagDetail(missing));
  }

  private static boolean canSet(Inode inode, int flags) throws LinuxException {
    try {
      inode.setFlags(flags);
      return true;
    } catch (LinuxException e) {
      if (isFatal(e)) {
        throw e;
      }
      return false;
    }
  }

  private static String flagDetail(int missing) {
    return "inode flags 0x%x don't exist on this file system".formatted(missing);
  }

  private void carryOn(LinuxException e, TreePath path, String slug, String what)
      throws LinuxException {
    if (isFatal(e)) {
      throw e;
    }
    problems.add(path, slug, "%s was not set: %s".formatted(what, e.errno().text()));
  }

  /** No room is retried, and a failing disk ends the pass; all else concerns one property. */
  private static boolean isFatal(LinuxException e) {
    return e.isNoRoom() || e.errno() == Errno.EIO || e.errno() == Errno.EROFS || e.isAbsent();
  }
}
