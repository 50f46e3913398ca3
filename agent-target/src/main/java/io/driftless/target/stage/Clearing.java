package io.driftless.target.stage;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * Removes trees that lie in the stage. Subdirectories are first moved up into the stage, so that
 * depth costs neither stack nor descriptors.
 */
public final class Clearing {
  /** What the owner of a directory may do in it. */
  public static final int OWNER_BITS = 0700;

  private final StagingArea area;
  private long removed;

  public Clearing(StagingArea area) {
    this.area = area;
  }

  /** Entries that were removed so far. */
  public long removed() {
    return removed;
  }

  /** Removes everything in the stage. */
  void empty(Directory stage) throws IOException {
    var stubborn = new HashSet<Name>();
    boolean found = true;
    while (found) {
      found = false;
      try (DirectoryEntries entries = stage.entries()) {
        while (entries.next()) {
          Name name = entries.name();
          if (!stubborn.contains(name)) {
            found = true;
            removeUnlessStubborn(name, stubborn);
          }
        }
      }
    }
  }

  /** What is mounted, in use or read-only must not keep every later pass from beginning. */
  private void removeUnlessStubborn(Name name, Set<Name> stubborn) throws IOException {
    try {
      remove(name);
    } catch (LinuxException e) {
      switch (e.errno()) {
        case EBUSY, EPERM, EACCES, EROFS, ENOTEMPTY -> stubborn.add(name);
        default -> throw e;
      }
    }
  }

  /** Removes one entry of the stage with all that is below it. */
  public void remove(Name name) throws IOException {
    Directory stage = area.stage();
    if (removeFile(stage, name)) {
      return;
    }
    var directories = new ArrayDeque<Name>();
    directories.add(name);
    while (!directories.isEmpty()) {
      removeDirectory(stage, directories.remove(), directories);
    }
  }

  /** Removes an entry of the volume with all that is below it: out of sight with one step. */
  public void take(Directory from, Name name) throws IOException {
    if (!removeFile(from, name)) {
      remove(moveUp(from, name));
    }
  }

  /**
   * Removes an empty directory of the volume.
   *
   * @throws LinuxException if something is in it, among other reasons
   */
  public void takeEmpty(Directory from, Name name) throws LinuxException {
    from.removeDirectory(name);
    removed++;
  }

  private void removeDirectory(Directory stage, Name name, ArrayDeque<Name> directories)
      throws IOException {
    try (Directory directory = stage.openChildIfPresent(name)) {
      if (directory == null) {
        return;
      }
      unlock(directory.fd());
      grant(directory.fd());
      boolean found = true;
      while (found) {
        found = clear(directory, directories);
      }
    }
    stage.removeDirectory(name);
    removed++;
  }

  private boolean clear(Directory directory, ArrayDeque<Name> directories) throws IOException {
    boolean found = false;
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        found = true;
        Name name = entries.name();
        if (!removeFile(directory, name)) {
          directories.add(moveUp(directory, name));
        }
      }
    }
    return found;
  }

  private Name moveUp(Directory directory, Name name) throws IOException {
    boolean unlocked = false;
    while (true) {
      Name moved = area.newName();
      try {
        directory.rename(name, area.stage(), moved, RenameMode.KEEP);
        return moved;
      } catch (LinuxException e) {
        if (e.errno() == Errno.EEXIST) { // left by an earlier session
          continue;
        }
        if (unlocked || (e.errno() != Errno.EPERM && e.errno() != Errno.EACCES)) {
          throw e;
        }
        unlockChild(directory, name);
        unlocked = true;
      }
    }
  }

  private static void unlockChild(Directory directory, Name name) throws LinuxException {
    try (Directory child = directory.openChild(name)) {
      unlock(child.fd());
      grant(child.fd());
    }
  }

  /** Removes what isn't a directory; false if it is one. */
  public boolean removeFile(Directory directory, Name name) throws LinuxException {
    try {
      if (directory.remove(name)) {
        removed++;
      }
      return true;
    } catch (LinuxException e) {
      if (e.errno() == Errno.EISDIR) {
        return false;
      }
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
      return removeLocked(directory, name, e);
    }
  }

  private boolean removeLocked(Directory directory, Name name, LinuxException refusal)
      throws LinuxException {
    Kind kind = directory.status(name).kind();
    if (kind == Kind.DIRECTORY) {
      return false;
    }
    if (kind != Kind.REGULAR) {
      throw refusal;
    }
    try (Fd file = directory.openForReading(name)) {
      int flags = unlock(file);
      directory.remove(name);
      removed++;
      if (file.status().linkCount() > 0 && (flags & InodeFlags.LOCKING) != 0) {
        file.setInodeFlags(flags); // it lives on under another name
      }
    }
    return true;
  }

  /**
   * Gives the owner of a directory all rights in it. Root has them anyway; an agent of another user
   * can't change a directory that is read-only for its owner, nor move it.
   */
  public static void grant(Fd directory) throws LinuxException {
    int permissions = directory.status().permissions();
    if ((permissions & OWNER_BITS) != OWNER_BITS) {
      directory.chmod(permissions | OWNER_BITS);
    }
  }

  /**
   * Lifts the flags that refuse changes.
   *
   * @return the flags before
   */
  public static int unlock(Fd inode) throws LinuxException {
    int flags = inode.inodeFlags();
    if ((flags & InodeFlags.LOCKING) != 0) {
      inode.setInodeFlags(flags & ~InodeFlags.LOCKING);
    }
    return flags;
  }
}
