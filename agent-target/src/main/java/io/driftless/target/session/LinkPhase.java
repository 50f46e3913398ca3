package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.tree.InodeFlags;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Epoch;
import io.driftless.target.commit.Unit.Shelf;
import io.driftless.target.commit.Unit.StagedEntry;
import io.driftless.target.stage.Clearing;
import io.driftless.target.stage.EntryStager.Spot;
import io.driftless.target.stage.MetadataWriter.Locking;
import io.driftless.target.stage.NoRoomException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Leads the further names of a file to its inode, after everything else is durable. */
final class LinkPhase {
  /** What the kernel says of this name, or of the directories that it needs, and of no other. */
  private static final Set<Errno> OF_ONE_ENTRY =
      Set.of(Errno.EPERM, Errno.EACCES, Errno.EXDEV, Errno.ENAMETOOLONG);

  private final PassParts pass;
  private final int groupsMax;
  private final Set<Long> open = new HashSet<>();
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

  private static void requireEntry(TreePath path) {
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
      try {
        withRoom(group.first(), other);
      } catch (ConfinementException e) {
        pass.replies().add(other, "mount-in-the-way", String.valueOf(e.getMessage()));
      } catch (LinuxException e) {
        if (!OF_ONE_ENTRY.contains(e.errno()) && !e.isAbsent()) {
          throw e;
        }
        pass.replies().add(other, "link-refused", e.errno().text());
      }
    }
    done(group);
    pass.replies().groupDone(group.group());
  }

  private void withRoom(TreePath first, TreePath other) throws IOException, InterruptedException {
    while (true) {
      Epoch epoch = pass.epochs().enter();
      long entries = 0;
      NoRoomException lack;
      try {
        entries = link(first, other, epoch) ? 1 : 0;
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
      if (from == null || into == null || inode == null || !inode.isRegular()) {
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
      copy(from, first, new Spot(stage, staged, other, Locking.LEAVE));
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

  private void copy(Directory from, Name first, Spot spot) throws IOException {
    try (Fd file = from.openForReading(first)) {
      Metadata wanted = MetadataReader.read(file, file.status());
      pass.stager().copy(spot, file, wanted);
    }
  }
}
