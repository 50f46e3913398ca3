package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Epoch;
import io.driftless.target.commit.Unit.Shelf;
import io.driftless.target.commit.Unit.StagedEntry;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.session.SharedInodes.Suspect;
import io.driftless.target.stage.Clearing;
import io.driftless.target.stage.EntryStager.Spot;
import io.driftless.target.stage.MetadataWriter.Locking;
import io.driftless.target.stage.NoRoomException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Leads the further names of a file to its inode, after everything else is durable. */
final class LinkPhase {
  /** What the kernel says of this name, or of the directories that it needs, and of no other. */
  private static final Set<Errno> OF_ONE_ENTRY =
      Set.of(Errno.EPERM, Errno.EACCES, Errno.EXDEV, Errno.ENAMETOOLONG);

  private final PassParts pass;
  private final int groupsMax;
  private final Set<Long> open = new HashSet<>();

  /** Inodes that take no further name: they were told, and stay as they are. */
  private final Set<Long> crowded = ConcurrentHashMap.newKeySet();

  private long seen;
  private @Nullable EndOfLinks end;

  LinkPhase(PassParts pass, int groupsMax) {
    this.pass = pass;
    this.groupsMax = groupsMax;
  }

  /** Takes note of a group; {@link #apply} follows. */
  synchronized void received(LinkGroup group) {
    requireEntry(group.first());
    group.others().forEach(LinkPhase::requireEntry);
    if (open.size() >= groupsMax || end != null || !open.add(group.group())) {
      throw new ProtocolViolation("link group %d exceeds what may come".formatted(group.group()));
    }
    seen++;
  }

  static void requireEntry(TreePath path) {
    if (path.isRoot()) {
      throw new ProtocolViolation("the root as a name of a file");
    }
    Slices.requireForeign(path);
  }

  synchronized void end(EndOfLinks links) {
    if (end != null || links.groups() != seen) {
      throw new ProtocolViolation("%d link groups, %d came".formatted(links.groups(), seen));
    }
    end = links;
  }

  synchronized boolean areAllStaged() {
    return end != null && open.isEmpty();
  }

  private synchronized void done(LinkGroup group) {
    open.remove(group.group());
  }

  /** Leaves a group as it is. */
  void passOver(LinkGroup group) {
    done(group);
    pass.replies().groupDone(group.group());
  }

  void apply(LinkGroup group) throws IOException, InterruptedException {
    for (TreePath other : group.others()) {
      stageOrRefuse(other, epoch -> link(group.first(), other, epoch) ? 1 : 0);
    }
    done(group);
    pass.replies().groupDone(group.group());
  }

  private void stageOrRefuse(TreePath path, Staging staging)
      throws IOException, InterruptedException {
    try {
      withRoom(staging);
    } catch (ConfinementException e) {
      pass.replies().add(path, "mount-in-the-way", String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      if (!OF_ONE_ENTRY.contains(e.errno()) && !e.isAbsent()) {
        throw e;
      }
      pass.replies().add(path, "link-refused", e.errno().text());
    }
  }

  // Separating

  /** Has a group looked at after the deletions if it seems to have too many names. */
  void suspect(LinkComparison.Group group) throws IOException {
    if (namesHere(group.first()) > group.names()) {
      pass.suspect(new Suspect(group.first(), group.others(), group.names()));
    }
  }

  private long namesHere(TreePath path) throws IOException {
    try (Directory directory = pass.comparer().openIfDirectory(path.parent())) {
      FileStatus status = directory == null ? null : directory.statusIfPresent(path.name());
      boolean isOpen = status != null && !status.isDirectory() && !crowded.contains(status.inode());
      return isOpen && status != null ? status.linkCount() : 0;
    } catch (ConfinementException e) {
      return 0; // whoever links to it says why
    }
  }

  /** Gives an inode of its own to everything that has more names here than at the source. */
  void separate() throws IOException, InterruptedException {
    for (Suspect suspect : pass.shared().suspects()) {
      if (namesHere(suspect.first()) <= suspect.names()) {
        continue; // the others were deleted
      }
      if (suspect.areAllKnown()) {
        stageOrRefuse(suspect.first(), epoch -> separate(suspect, epoch));
      } else {
        pass.replies()
            .add(suspect.first(), "links-shared", "%d names here".formatted(suspect.names()));
      }
    }
  }

  private int separate(Suspect suspect, Epoch epoch) throws IOException {
    TreePath first = suspect.first();
    try (Directory from = pass.comparer().openIfDirectory(first.parent())) {
      FileStatus inode = from == null ? null : from.statusIfPresent(first.name());
      Metadata wanted =
          from == null || inode == null ? null : SliceComparer.find(from, first.name(), inode);
      if (from == null || inode == null || wanted == null || inode.isDirectory()) {
        return 0;
      }
      Name fresh = pass.area().newName();
      Directory stage = pass.area().stage();
      copy(from, first.name(), wanted, new Spot(stage, fresh, first, Locking.LEAVE));
      var names = new ArrayList<StagedEntry>();
      names.add(new StagedEntry(first, Shelf.STAGE, fresh, wanted.flags(), false));
      for (TreePath other : suspect.others()) {
        Name further = pass.area().newName();
        stage.link(fresh, stage, further);
        names.add(new StagedEntry(other, Shelf.STAGE, further, wanted.flags(), true));
      }
      names.forEach(epoch::add);
      pass.tally().metadataOnly.increment();
      return names.size();
    }
  }

  // Linking

  /** Stages something; tells how many entries. */
  @FunctionalInterface
  private interface Staging {
    int stage(Epoch epoch) throws IOException;
  }

  private void withRoom(Staging staging) throws IOException, InterruptedException {
    while (true) {
      Epoch epoch = pass.epochs().enter();
      long entries = 0;
      NoRoomException lack;
      try {
        entries = staging.stage(epoch);
        pass.gate().passed();
        return;
      } catch (NoRoomException e) {
        lack = e;
      } catch (LinuxException e) {
        if (!e.isNoRoom()) {
          throw e;
        }
        lack = pass.room().refused(e, 0);
      } finally {
        pass.epochs().leave(epoch, entries, 0);
      }
      pass.gate().await(lack);
    }
  }

  /** Stages one name; false if nothing needs to be done, or can be. */
  private boolean link(TreePath first, TreePath other, Epoch epoch) throws IOException {
    try (Directory from = pass.comparer().openIfDirectory(first.parent());
        Directory into = pass.comparer().openIfDirectory(other.parent())) {
      FileStatus inode = from == null ? null : from.statusIfPresent(first.name());
      if (from == null || into == null || inode == null || inode.isDirectory()) {
        pass.replies().add(other, "link-refused", "%s is not on the target".formatted(first));
        return false;
      }
      FileStatus present = into.statusIfPresent(other.name());
      if (present != null
          && present.inode() == inode.inode()
          && present.device() == inode.device()) {
        return false;
      }
      StagedEntry staged = stage(from, first.name(), inode, other);
      if (staged == null) {
        pass.replies().add(other, "link-refused", "%s was replaced meanwhile".formatted(first));
        return false;
      }
      epoch.add(staged);
      pass.tally().created.increment();
      if (present == null) {
        pass.tally().newEntries.increment();
      }
      return true;
    }
  }

  private @Nullable StagedEntry stage(Directory from, Name first, FileStatus inode, TreePath other)
      throws IOException {
    Name staged = pass.area().newName();
    Directory stage = pass.area().stage();
    int flags = from.inodeFlags(first, inode.kind());
    try {
      linkUnlocked(from, first, stage, staged, flags);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EMLINK) {
        throw e;
      }
      Metadata wanted = SliceComparer.find(from, first, inode);
      if (wanted == null) {
        return null;
      }
      copy(from, first, wanted, new Spot(stage, staged, other, Locking.LEAVE));
      crowded.add(inode.inode());
      pass.replies().add(other, "too-many-links", "an independent copy instead of a link");
      return new StagedEntry(other, Shelf.STAGE, staged, flags & InodeFlags.CARRIED, false);
    }
    if (stage.status(staged).inode() != inode.inode()) {
      stage.remove(staged);
      return null;
    }
    return new StagedEntry(other, Shelf.STAGE, staged, flags & InodeFlags.CARRIED, true);
  }

  private static void linkUnlocked(
      Directory from, Name first, Directory stage, Name staged, int flags) throws LinuxException {
    if ((flags & InodeFlags.LOCKING) == 0) {
      from.link(first, stage, staged);
      return;
    }
    try (Fd file = from.openForReading(first)) {
      Clearing.unlock(file);
      from.link(first, stage, staged); // the flags come back once the new name is in place
    }
  }

  private void copy(Directory from, Name first, Metadata wanted, Spot spot) throws IOException {
    if (wanted.kind() != Kind.REGULAR) {
      pass.stager().special(spot, wanted);
      return;
    }
    try (Fd file = from.openForReading(first)) {
      pass.stager().copy(spot, file, wanted);
    }
  }
}
