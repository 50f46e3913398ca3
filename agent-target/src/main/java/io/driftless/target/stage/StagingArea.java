package io.driftless.target.stage;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.CarriedAttributes;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The directory {@code .driftless} in the root of a volume, made when it is first needed: {@code
 * stage/} for what the next epochs will rename into place, {@code parts/} for large files that have
 * not arrived completely, {@code redo/} for changes to those that are changed where they lie.
 * Nobody but the agent gets in. Thread-safe.
 */
public final class StagingArea implements AutoCloseable {
  public static final Name HOME = Name.of(".driftless");

  private static final Name STAGE = Name.of("stage");
  private static final Name PARTS = Name.of("parts");
  private static final Name REDO = Name.of("redo");
  private final ConfinedRoot root;
  private final int ownUid;
  private final int ownGid;

  /** Begins anywhere: something of an earlier session may have refused to go. */
  private final AtomicLong numbers = new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 40));

  private final ReentrantLock rootTimes = new ReentrantLock();
  private volatile @Nullable Directory stage;
  private volatile @Nullable Directory parts;
  private volatile @Nullable Directory redo;
  private volatile int inheritedFlags;

  /**
   * The staging area of a volume, which need not exist yet.
   *
   * @param ownUid the agent's user
   * @param ownGid the agent's group
   */
  public StagingArea(ConfinedRoot root, int ownUid, int ownGid) {
    this.root = root;
    this.ownUid = ownUid;
    this.ownGid = ownGid;
  }

  /** Held by whoever changes entries of the root and puts its times back afterwards. */
  public ReentrantLock rootTimes() {
    return rootTimes;
  }

  /** A name in {@link #stage} that nothing has yet. */
  public Name newName() {
    return Name.of(Long.toString(numbers.incrementAndGet(), Character.MAX_RADIX));
  }

  /** Flags that every directory in the stage is born with, because the volume's root has them. */
  public int inheritedFlags() {
    return inheritedFlags;
  }

  public Directory stage() throws IOException {
    Directory open = stage;
    return open != null ? open : openBoth().stage;
  }

  public Directory parts() throws IOException {
    Directory open = parts;
    return open != null ? open : openBoth().parts;
  }

  /** Made when it is first needed; that it exists is durable. */
  Directory redo() throws IOException {
    Directory open = redo;
    if (open != null) {
      return open;
    }
    openBoth();
    rootTimes.lock();
    try (Directory top = root.open(TreePath.ROOT);
        Directory home = top.openChild(HOME)) {
      Directory opened = redo != null ? redo : openOrMake(home, REDO);
      home.fd().sync();
      top.fd().sync();
      redo = opened;
      return opened;
    } finally {
      rootTimes.unlock();
    }
  }

  /**
   * The journals that an earlier session left; the caller closes it.
   *
   * @return null if there is no such directory
   * @throws StagingException if it is somebody else's
   */
  @Nullable Directory redoIfPresent() throws IOException {
    try (Directory top = root.open(TreePath.ROOT)) {
      if (top.statusIfPresent(HOME) == null) {
        return null;
      }
      try (Directory home = openOurs(top, HOME)) {
        return home.statusIfPresent(REDO) == null ? null : openOurs(home, REDO);
      }
    }
  }

  private record Both(Directory stage, Directory parts) {}

  private Both openBoth() throws IOException {
    rootTimes.lock();
    try {
      Directory openStage = stage;
      Directory openParts = parts;
      if (openStage != null && openParts != null) {
        return new Both(openStage, openParts);
      }
      try (Directory top = root.open(TreePath.ROOT);
          Directory home = openOrMakeHome(top)) {
        openStage = openOrMake(home, STAGE);
        stage = openStage;
        openParts = openOrMake(home, PARTS);
        parts = openParts;
        inheritedFlags = openStage.fd().inodeFlags() & InodeFlags.CARRIED;
        return new Both(openStage, openParts);
      }
    } finally {
      rootTimes.unlock();
    }
  }

  private Directory openOrMakeHome(Directory top) throws IOException {
    FileStatus before = top.fd().status();
    Directory home = openOrMake(top, HOME);
    if (!FileTimes.of(before).equals(FileTimes.of(top.fd().status()))) {
      top.fd().setTimes(FileTimes.of(before));
    }
    return home;
  }

  private Directory openOrMake(Directory in, Name name) throws IOException {
    if (in.statusIfPresent(name) == null) {
      in.makeDirectory(name, 0700);
      Directory made = in.openChild(name);
      disinherit(made.fd(), 0700);
      return made;
    }
    return openOurs(in, name);
  }

  private Directory openOurs(Directory in, Name name) throws IOException {
    Directory found;
    try {
      found = in.openChild(name);
    } catch (LinuxException e) {
      throw new StagingException(
          "%s/%s can't be used for staging: %s; move it away"
              .formatted(in.fd(), name, e.getMessage()));
    }
    FileStatus status = found.fd().status();
    if (status.uid() != ownUid || (status.permissions() & 077) != 0) {
      found.close();
      throw new StagingException(
          "%s/%s is not the agent's: it belongs to uid %s with mode %04o, expected was uid %s with mode 0700; move it away"
              .formatted(
                  in.fd(),
                  name,
                  Integer.toUnsignedString(status.uid()),
                  status.permissions(),
                  Integer.toUnsignedString(ownUid)));
    }
    return found;
  }

  /** Makes an inode the agent's own and takes off what it may have got from elsewhere. */
  void disinherit(Fd inode, int permissions) throws LinuxException {
    int flags = inode.inodeFlags();
    // A project must stay: renames out of it would fail.
    int kept = flags & (~InodeFlags.CARRIED | InodeFlags.PROJECT_INHERIT);
    if (kept != flags) {
      inode.setInodeFlags(kept);
    }
    for (byte[] attribute : inode.attributes()) {
      if (CarriedAttributes.contains(attribute)) {
        inode.removeAttribute(attribute);
      }
    }
    FileStatus status = inode.status();
    if (status.uid() != ownUid || status.gid() != ownGid) {
      inode.chown(ownUid, ownGid);
    }
    inode.chmod(permissions);
  }

  /**
   * Empties the stage after whatever happened to the last session. Parts stay.
   *
   * @throws StagingException if something else has the name of the staging area
   */
  public void recover() throws IOException {
    try (Directory top = root.open(TreePath.ROOT)) {
      if (top.statusIfPresent(HOME) == null) {
        return;
      }
    }
    Directory open = stage();
    new Clearing(this).empty(open);
  }

  /**
   * Removes parts that nobody will go on with.
   *
   * @param oldest what was last written before this moment goes in any case
   * @param wanted parts whose entries still exist
   */
  public void dropParts(Instant oldest, Set<Name> wanted) throws IOException {
    for (Name part : partNames()) {
      FileStatus status = parts().statusIfPresent(part);
      boolean old = status != null && status.changeSeconds() < oldest.getEpochSecond();
      if (old || !wanted.contains(part)) {
        parts().remove(part);
      }
    }
  }

  /**
   * Removes all that is under way, parts included, and the area itself.
   *
   * @throws StagingException if something else has the name of the staging area
   */
  public void discard() throws IOException {
    recover();
    dropParts(Instant.EPOCH, Set.of());
    removeIfEmpty();
  }

  private List<Name> partNames() throws IOException {
    var names = new ArrayList<Name>();
    Directory open = parts;
    if (open == null) {
      return names;
    }
    try (DirectoryEntries entries = open.entries()) {
      while (entries.next()) {
        names.add(entries.name());
      }
    }
    return names;
  }

  /** Removes the whole area if nothing is in it, and puts the times of the root back. */
  public void removeIfEmpty() throws IOException {
    rootTimes.lock();
    try {
      Directory openStage = stage;
      Directory openParts = parts;
      if (openStage == null || openParts == null) {
        return;
      }
      try (Directory top = root.open(TreePath.ROOT);
          Directory home = top.openChild(HOME)) {
        if (!removeEmpty(home, PARTS) | !removeEmpty(home, STAGE) | !removeEmpty(home, REDO)) {
          return;
        }
        FileStatus before = top.fd().status();
        removeEmpty(top, HOME);
        top.fd().setTimes(FileTimes.of(before));
      } finally {
        close();
      }
    } finally {
      rootTimes.unlock();
    }
  }

  private static boolean removeEmpty(Directory in, Name name) throws LinuxException {
    try {
      in.removeDirectory(name);
      return true;
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOTEMPTY || e.errno() == Errno.EEXIST) {
        return false;
      }
      throw e;
    }
  }

  /** Closes the handles; what is there stays. */
  @Override
  public void close() {
    Directory openStage = stage;
    Directory openParts = parts;
    Directory openRedo = redo;
    stage = null;
    parts = null;
    redo = null;
    if (openRedo != null) {
      openRedo.close();
    }
    if (openStage != null) {
      openStage.close();
    }
    if (openParts != null) {
      openParts.close();
    }
  }
}
