package io.driftless.target.session;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Epoch;
import io.driftless.target.commit.Unit.MovedFile;
import io.driftless.target.commit.Unit.NewDirectory;
import io.driftless.target.commit.Unit.Shelf;
import io.driftless.target.commit.Unit.StagedEntry;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.stage.EntryStager.Spot;
import io.driftless.target.stage.MetadataWriter.Locking;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where entries of one directory go during one task: into the directory itself where it is in the
 * volume already, by way of the stage; else into a new one that is staged with its entries. Holds
 * its epoch open meanwhile. Confined to one thread.
 */
final class Place implements AutoCloseable {
  private final TreePath path;
  private final PassParts pass;
  private final Exclusions.InDirectory exclusions;
  private @Nullable Epoch epoch;
  private @Nullable Directory directory;
  private @Nullable NewDirectory made;
  private @Nullable Metadata self;
  private long entries;
  private long bytes;

  Place(TreePath path, PassParts pass) {
    this.path = path;
    this.pass = pass;
    this.exclusions = pass.exclusions().in(path);
  }

  Exclusions.InDirectory exclusions() {
    return exclusions;
  }

  /** Enters the open epoch, if it has not been entered, and opens the directory. */
  void enter() throws IOException, InterruptedException {
    if (epoch != null) {
      return;
    }
    Epoch entered = pass.epochs().enter();
    epoch = entered;
    try {
      made = entered.directory(path);
      directory = made == null ? pass.comparer().openIfDirectory(path) : null;
      if (directory == null) {
        openNew(entered);
      }
    } catch (LinuxException e) {
      leave();
      throw e.isNoRoom() ? pass.room().refused(e, 0) : e;
    } catch (IOException | RuntimeException e) {
      leave();
      throw e;
    }
  }

  private void openNew(Epoch entered) throws IOException {
    boolean first = made == null;
    NewDirectory unit = entered.newDirectory(path, pass.area());
    made = unit;
    if (first) {
      entries++;
      pass.tally().created.increment();
      pass.tally().newEntries.increment();
    }
    if (self != null) {
      unit.describe(self);
    }
    directory = pass.area().stage().openChild(unit.staged());
  }

  /** Leaves the epoch; what was staged goes with it. */
  void leave() {
    Epoch left = epoch;
    if (directory != null) {
      directory.close();
      directory = null;
    }
    epoch = null;
    made = null;
    if (left != null) {
      pass.epochs().leave(left, entries, bytes);
    }
    entries = 0;
    bytes = 0;
  }

  /** Tells whether the directory isn't in the volume yet. */
  boolean isNew() {
    return made != null;
  }

  Directory directory() {
    if (directory == null) {
      throw new IllegalStateException(path + " has not been entered");
    }
    return directory;
  }

  private Epoch epoch() {
    if (epoch == null) {
      throw new IllegalStateException(path + " has not been entered");
    }
    return epoch;
  }

  /** What has this name in the volume, or null. */
  @Nullable FileStatus find(Name name) throws IOException {
    return isNew() ? null : directory().statusIfPresent(name);
  }

  /** What the directory itself shall be like. */
  void describe(Metadata wanted) throws IOException {
    self = wanted;
    if (made != null) {
      made.describe(wanted);
      return;
    }
    Metadata found = MetadataReader.read(directory().fd(), directory().fd().status());
    if (!found.sameAs(wanted) || pass.poison().touches(path)) {
      epoch().repairDirectory(path, wanted);
      entries++;
      pass.tally().metadataOnly.increment();
    }
  }

  /** Where the entry with this path is to be made. */
  Spot spot(TreePath entry) throws IOException {
    return isNew()
        ? new Spot(directory(), entry.name(), entry, Locking.SET)
        : new Spot(pass.area().stage(), pass.area().newName(), entry, Locking.LEAVE);
  }

  /** An entry is complete at its spot. */
  void staged(Spot spot, Metadata wanted, long contentBytes) {
    entries++;
    bytes += contentBytes;
    if (spot.locking() == Locking.LEAVE) {
      epoch().add(new StagedEntry(spot.path(), Shelf.STAGE, spot.name(), wanted.flags(), false));
    }
  }

  /** A part is complete. */
  void stagedPart(TreePath entry, Name part, Metadata wanted) {
    entries++;
    bytes += wanted.sizeBytes();
    epoch().add(new StagedEntry(entry, Shelf.PARTS, part, wanted.flags(), false));
  }

  /** A file of the volume gets this name. */
  void moved(TreePath entry, TreePath from, long inode, Metadata wanted) {
    entries++;
    bytes += wanted.sizeBytes();
    epoch().add(new MovedFile(entry, from, inode, wanted.flags()));
  }

  /** The metadata of an entry was changed in place. */
  void repaired(TreePath entry) {
    entries++;
    epoch().repairedInPlace(entry);
  }

  @Override
  public void close() {
    leave();
  }
}
