package io.driftless.target.commit;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.FileTimes;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.RenameMode;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Unit.MovedFile;
import io.driftless.target.commit.Unit.NewDirectory;
import io.driftless.target.commit.Unit.Shelf;
import io.driftless.target.commit.Unit.StagedEntry;
import io.driftless.target.stage.Clearing;
import io.driftless.target.stage.Inode;
import io.driftless.target.stage.MetadataWriter;
import io.driftless.target.stage.ProblemSink;
import io.driftless.target.stage.StagingArea;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Renames one staged entry after the other to where it belongs, whatever is there: a file is
 * replaced, a directory merged with, another kind exchanged and cleared away in the stage. What
 * can't be brought into place becomes a problem. Confined to the committer.
 */
final class Placement {
  private static final Map<Errno, String> REASONS =
      Map.of(
          Errno.EBUSY, "mount-in-the-way",
          Errno.EXDEV, "mount-in-the-way",
          Errno.ENAMETOOLONG, "name-too-long",
          Errno.EMLINK, "too-many-links",
          Errno.EPERM, "not-permitted",
          Errno.EACCES, "not-permitted",
          Errno.EINVAL, "name-unsupported",
          Errno.EILSEQ, "name-unsupported");

  private final ConfinedRoot root;
  private final StagingArea area;
  private final MetadataWriter writer;
  private final Replacement replacement;
  private final Departures departures;
  private final ProblemSink problems;
  private final CommitListener listener;

  Placement(
      ConfinedRoot root,
      StagingArea area,
      MetadataWriter writer,
      Replacement replacement,
      Departures departures,
      ProblemSink problems,
      CommitListener listener) {
    this.root = root;
    this.area = area;
    this.writer = writer;
    this.replacement = replacement;
    this.departures = departures;
    this.problems = problems;
    this.listener = listener;
  }

  /** What may have to be done again once there is room. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException, InterruptedException;
  }

  /** Does it again as often as there was no room. */
  void withRoom(Step step) throws IOException, InterruptedException {
    boolean waited = false;
    while (true) {
      try {
        step.run();
        if (waited) {
          listener.roomFound();
        }
        return;
      } catch (LinuxException e) {
        if (!e.isNoRoom()) {
          throw e;
        }
        listener.awaitRoom(listener.lackOf(e));
        waited = true;
      }
    }
  }

  /** An entry and the directory in which it was staged. */
  private record Staged(Directory in, Name name, TreePath path) {}

  /**
   * Brings a unit into its directory.
   *
   * @return whether it is there now
   */
  boolean place(Unit unit, Directory into) throws IOException, InterruptedException {
    return switch (unit) {
      case StagedEntry entry -> placeEntry(entry, into);
      case MovedFile file -> placeMoved(file, into);
      case NewDirectory directory -> placeDirectory(directory, into);
    };
  }

  private boolean placeEntry(StagedEntry entry, Directory into)
      throws IOException, InterruptedException {
    Directory from = entry.shelf() == Shelf.STAGE ? area.stage() : area.parts();
    var staged = new Staged(from, entry.staged(), entry.path());
    boolean placed =
        entry.shelf() == Shelf.STAGE ? replace(staged, into) : replaceLarge(staged, into);
    if (!placed || entry.isLink()) {
      // Renaming one name of an inode onto another does nothing and leaves both.
      new Clearing(area).removeFile(from, entry.staged());
    }
    if (placed && entry.locks()) {
      try (Fd file = into.openForReading(entry.path().name())) {
        writer.setFlags(new Inode.Opened(file), entry.flags(), entry.path());
      }
    }
    FileStatus status =
        placed && entry.shelf() == Shelf.PARTS ? into.statusIfPresent(entry.path().name()) : null;
    if (status != null) {
      listener.placed(entry.path(), status);
    }
    return placed;
  }

  private boolean placeMoved(MovedFile file, Directory into)
      throws IOException, InterruptedException {
    TreePath above = file.from().parent();
    ReentrantLock times = area.rootTimes();
    times.lock(); // of one of the two directories, perhaps
    try (Directory out = root.openIfPresent(above)) {
      FileStatus status = out == null ? null : out.statusIfPresent(file.from().name());
      if (out == null
          || status == null
          || !status.isRegular()
          || status.inode() != file.inode()
          || status.device() != root.fd().status().device()) {
        return isGone(file);
      }
      return move(file, out, into);
    } catch (ConfinementException e) {
      return isGone(file);
    } finally {
      times.unlock();
    }
  }

  private boolean isGone(MovedFile file) {
    problems.add(file.path(), "basis-changed", "%s is another by now".formatted(file.from()));
    return false;
  }

  private boolean move(MovedFile file, Directory out, Directory into)
      throws IOException, InterruptedException {
    FileStatus before = out.fd().status();
    int flagsBefore = Clearing.unlock(out.fd());
    boolean placed;
    try {
      if (writer.isBoundByModes()) {
        Clearing.grant(out.fd());
      }
      placed = replace(new Staged(out, file.from().name(), file.path()), into);
    } finally {
      putBack(out, before, flagsBefore);
    }
    if (placed && file.locks()) {
      try (Fd moved = into.openForReading(file.path().name())) {
        writer.setFlags(new Inode.Opened(moved), file.flags(), file.path());
      }
    }
    return placed;
  }

  private boolean replaceLarge(Staged staged, Directory into)
      throws IOException, InterruptedException {
    try (var _ = departures.hold(into, staged.path.name())) {
      return replace(staged, into);
    }
  }

  /** Renames over whatever is there. */
  private boolean replace(Staged staged, Directory into) throws IOException, InterruptedException {
    try (var locks = new LiftedLocks()) {
      return replace(staged, into, locks);
    }
  }

  private boolean replace(Staged staged, Directory into, LiftedLocks locks)
      throws IOException, InterruptedException {
    Name name = staged.path.name();
    boolean unlocked = false;
    boolean granted = false;
    boolean waited = false;
    while (true) {
      try {
        staged.in.rename(staged.name, into, name, RenameMode.REPLACE);
        if (waited) {
          listener.roomFound();
        }
        return true;
      } catch (LinuxException e) {
        if (e.isNoRoom()) {
          listener.awaitRoom(listener.lackOf(e));
          waited = true;
        } else if (isKindConflict(e)) {
          return exchange(staged, into, locks);
        } else if (e.errno() == Errno.EPERM && !unlocked) {
          unlocked = true;
          unlock(staged, into, locks);
        } else if (mayGrant(e) && !granted) {
          granted = true;
          Clearing.grant(into.fd());
        } else {
          return refuse(staged.path, e);
        }
      }
    }
  }

  private boolean mayGrant(LinuxException e) {
    return e.errno() == Errno.EACCES && writer.isBoundByModes();
  }

  private static boolean isKindConflict(LinuxException e) {
    return switch (e.errno()) {
      case EISDIR, ENOTDIR, ENOTEMPTY, EEXIST -> true;
      default -> false;
    };
  }

  private static void unlock(Staged staged, Directory into, LiftedLocks locks)
      throws LinuxException {
    locks.lift(staged.in, staged.name);
    Clearing.unlock(into.fd());
    locks.lift(into, staged.path.name());
  }

  private boolean refuse(TreePath path, LinuxException e) throws LinuxException {
    String reason = REASONS.get(e.errno());
    if (reason == null) {
      throw e;
    }
    problems.add(path, reason, e.errno().text());
    return false;
  }

  /** Another kind is there: swaps the two, and clears away what was there. */
  private boolean exchange(Staged staged, Directory into, LiftedLocks locks)
      throws IOException, InterruptedException {
    Name name = staged.path.name();
    FileStatus present = into.statusIfPresent(name);
    if (present != null && present.isDirectory() && !replacement.mayGo(staged.path)) {
      return false;
    }
    try {
      withRoom(() -> swap(staged, into, locks));
    } catch (LinuxException e) {
      return refuse(staged.path, e);
    }
    var clearing = new Clearing(area);
    if (staged.in == area.stage()) {
      clearing.remove(staged.name);
    } else {
      Name moved = area.newName();
      staged.in.rename(staged.name, area.stage(), moved, RenameMode.KEEP);
      clearing.remove(moved);
    }
    listener.removed(clearing.removed());
    return true;
  }

  private static void swap(Staged staged, Directory into, LiftedLocks locks) throws LinuxException {
    Name name = staged.path.name();
    try {
      staged.in.rename(staged.name, into, name, RenameMode.EXCHANGE);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
      unlock(staged, into, locks);
      staged.in.rename(staged.name, into, name, RenameMode.EXCHANGE);
    }
  }

  private boolean placeDirectory(NewDirectory unit, Directory into)
      throws IOException, InterruptedException {
    Name name = unit.path().name();
    boolean unlocked = false;
    boolean granted = false;
    while (true) {
      try {
        area.stage().rename(unit.staged(), into, name, RenameMode.KEEP);
        lock(unit, into);
        return true;
      } catch (LinuxException e) {
        if (e.isNoRoom()) {
          listener.awaitRoom(listener.lackOf(e));
          listener.roomFound();
        } else if (e.errno() == Errno.EEXIST) {
          return meet(unit, into);
        } else if (e.errno() == Errno.EPERM && !unlocked) {
          unlocked = true;
          Clearing.unlock(into.fd());
        } else if (mayGrant(e) && !granted) {
          granted = true;
          Clearing.grant(into.fd());
        } else {
          refuse(unit.path(), e);
          new Clearing(area).remove(unit.staged());
          return false;
        }
      }
    }
  }

  private void lock(NewDirectory unit, Directory into) throws IOException {
    Metadata self = unit.self();
    if (self == null) {
      return;
    }
    boolean opened =
        writer.isBoundByModes()
            && (self.permissions() & Clearing.OWNER_BITS) != Clearing.OWNER_BITS;
    boolean locks = (self.flags() & InodeFlags.LOCKING) != 0;
    if (!opened && !locks) {
      return;
    }
    try (Directory placed = into.openChild(unit.path().name())) {
      if (opened) {
        int now = placed.fd().status().permissions();
        placed
            .fd()
            .chmod((now & ~Clearing.OWNER_BITS) | (self.permissions() & Clearing.OWNER_BITS));
      }
      if (locks) {
        writer.setFlags(new Inode.Opened(placed.fd()), self.flags(), unit.path());
      }
    }
  }

  private boolean meet(NewDirectory unit, Directory into) throws IOException, InterruptedException {
    FileStatus present = into.statusIfPresent(unit.path().name());
    if (present == null || !present.isDirectory()) {
      FileStatus before = area.stage().status(unit.staged());
      boolean placed = exchange(unit, into);
      if (placed) {
        try (Directory arrived = into.openChild(unit.path().name())) {
          // On xfs a directory that is exchanged gets a new time.
          arrived.fd().setTimes(FileTimes.of(before));
        }
        lock(unit, into);
      } else {
        new Clearing(area).remove(unit.staged());
      }
      return placed;
    }
    try (Directory live = into.openChild(unit.path().name())) {
      merge(unit, live);
    } catch (ConfinementException e) {
      problems.add(unit.path(), "mount-in-the-way", e.getMessage());
    }
    new Clearing(area).remove(unit.staged());
    return false; // nothing changed in the directory above
  }

  private boolean exchange(NewDirectory unit, Directory into)
      throws IOException, InterruptedException {
    try (var locks = new LiftedLocks()) {
      return exchange(new Staged(area.stage(), unit.staged(), unit.path()), into, locks);
    }
  }

  private void merge(NewDirectory unit, Directory live) throws IOException, InterruptedException {
    FileStatus before = live.fd().status();
    int flagsBefore = live.fd().inodeFlags();
    boolean moved = true;
    while (moved) {
      moved = false;
      try (Directory staged = area.stage().openChild(unit.staged());
          DirectoryEntries entries = staged.entries()) {
        while (entries.next()) {
          Name name = entries.name();
          moved |= replaceKeepingFlags(new Staged(staged, name, unit.path().resolve(name)), live);
        }
      }
    }
    finish(live, before, flagsBefore, unit.self(), unit.path());
  }

  private boolean replaceKeepingFlags(Staged staged, Directory live)
      throws IOException, InterruptedException {
    FileStatus status = staged.in.status(staged.name);
    int flags = staged.in.inodeFlags(staged.name, status.kind());
    boolean placed = replace(staged, live);
    if (placed && (flags & InodeFlags.LOCKING) != 0) {
      try (Fd file = live.openForReading(staged.path.name())) {
        writer.setFlags(new Inode.Opened(file), flags & InodeFlags.CARRIED, staged.path);
      }
    }
    return placed;
  }

  /**
   * Leaves a directory of the volume as it shall be after entries were brought into it: with new
   * metadata, or with the times and flags that it had before.
   */
  void finish(
      Directory live, FileStatus before, int flagsBefore, @Nullable Metadata wanted, TreePath path)
      throws IOException, InterruptedException {
    if (wanted != null) {
      withRoom(() -> {
        Metadata found = MetadataReader.read(live.fd(), live.fd().status());
        writer.repair(new Inode.Opened(live.fd()), found, wanted, path);
      });
      return;
    }
    putBack(live, before, flagsBefore);
  }

  /** Gives a directory the permissions, times and flags that it had before. */
  static void putBack(Directory live, FileStatus before, int flagsBefore) throws LinuxException {
    FileStatus after = live.fd().status();
    if (after.permissions() != before.permissions()) {
      live.fd().chmod(before.permissions());
    }
    if (after.modifiedSeconds() != before.modifiedSeconds()
        || after.modifiedNanos() != before.modifiedNanos()) {
      Clearing.unlock(live.fd());
      live.fd().setTimes(FileTimes.of(before));
    }
    if ((flagsBefore & InodeFlags.LOCKING) != 0) {
      live.fd().setInodeFlags(flagsBefore);
    }
  }
}
