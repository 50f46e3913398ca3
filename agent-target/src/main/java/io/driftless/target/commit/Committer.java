package io.driftless.target.commit;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Unit.NewDirectory;
import io.driftless.target.stage.Clearing;
import io.driftless.target.stage.Inode;
import io.driftless.target.stage.MetadataWriter;
import io.driftless.target.stage.MetadataWriter.Locking;
import io.driftless.target.stage.ProblemSink;
import io.driftless.target.stage.StagingArea;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Commits epochs, one after the other: seals what is staged, makes it durable, renames it into
 * place, parents first, makes that durable. Run by one thread.
 */
public final class Committer implements Runnable {
  private final ConfinedRoot root;
  private final StagingArea area;
  private final Epochs epochs;
  private final DurableStorage storage;
  private final NarrowSync narrow;
  private final MetadataWriter writer;
  private final Placement placement;
  private final CommitListener listener;
  private final ProblemSink problems;
  private List<Unit> waiting = new ArrayList<>();
  private List<Durable> unacknowledged = new ArrayList<>();

  public Committer(
      ConfinedRoot root,
      StagingArea area,
      Epochs epochs,
      DurableStorage storage,
      MetadataWriter writer,
      Replacement replacement,
      Departures departures,
      ProblemSink problems,
      CommitListener listener) {
    this.root = root;
    this.area = area;
    this.epochs = epochs;
    this.storage = storage;
    this.narrow = new NarrowSync(storage, area);
    this.writer = writer;
    this.placement = new Placement(root, area, writer, replacement, departures, problems, listener);
    this.problems = problems;
    this.listener = listener;
  }

  /** What there is to say of an epoch that is durable; its units need not be kept for that. */
  private record Durable(long number, long entries, long bytes) {}

  /** What happens in one directory of the volume. */
  private static final class Changes {
    final List<Unit> arriving = new ArrayList<>();
    @Nullable Metadata wanted;
  }

  @Override
  public void run() {
    try {
      Epoch epoch = epochs.awaitClosed();
      while (epoch != null) {
        commit(epoch);
        epochs.committed();
        epoch = epochs.awaitClosed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      listener.failed(e);
    } catch (OutOfMemoryError e) {
      listener.failed(new IOException("out of memory; give the agent more", e));
    }
  }

  private void commit(Epoch epoch) throws IOException, InterruptedException {
    for (NewDirectory directory : epoch.directories()) {
      sealIfOpen(directory);
    }
    boolean isNarrow = narrow.suits(epoch);
    DurableStorage contents = isNarrow ? () -> narrow.contents(epoch.units()) : storage;
    if (!epoch.units().isEmpty() && !sync(epoch, contents)) {
      discard(epoch);
      return;
    }
    rename(epoch);
    if (sync(epoch, isNarrow ? narrow::metadata : storage)) {
      acknowledge(epoch);
    }
  }

  /** Makes durable what was done to the volume between epochs, of which it is only metadata. */
  public void syncMetadata() throws IOException {
    if (storage.isOrdered()) {
      narrow.metadata();
    } else {
      storage.sync();
    }
  }

  /** Nothing is acknowledged as long as some of it waits for its directory. */
  private void acknowledge(Epoch epoch) {
    unacknowledged.add(new Durable(epoch.number(), epoch.entries, epoch.bytes));
    if (waiting.isEmpty()) {
      for (Durable durable : unacknowledged) {
        listener.durable(durable.number, durable.entries, durable.bytes);
      }
      unacknowledged = new ArrayList<>();
    }
  }

  private boolean sync(Epoch epoch, DurableStorage how) throws IOException, InterruptedException {
    try {
      how.sync();
      return true;
    } catch (IOException e) {
      poison(epoch, e);
      return false;
    }
  }

  /**
   * The kernel tells of a failed write once, to whoever syncs next: it may have hit whatever was
   * written since the last success, in the open epoch and in parts too.
   */
  private void poison(Epoch epoch, IOException failure) throws IOException, InterruptedException {
    area.dropParts(Instant.MIN, partsWaiting());
    Epoch open = epochs.fail();
    List<TreePath> paths = epoch.paths();
    if (open != null) {
      paths.addAll(open.paths());
    }
    listener.poisoned(epoch.number(), paths, failure);
    if (open != null) {
      discard(open);
    }
  }

  private Set<Name> partsWaiting() {
    var names = new HashSet<Name>();
    for (Unit unit : waiting) {
      if (unit instanceof Unit.StagedEntry entry && entry.shelf() == Unit.Shelf.PARTS) {
        names.add(entry.staged());
      }
    }
    return names;
  }

  private void discard(Epoch epoch) throws IOException {
    for (Unit unit : epoch.units()) {
      drop(unit);
    }
  }

  private void drop(Unit unit) throws IOException {
    switch (unit) {
      case NewDirectory directory -> new Clearing(area).remove(directory.staged());
      case Unit.StagedEntry entry -> {
        if (entry.shelf() == Unit.Shelf.STAGE) {
          new Clearing(area).remove(entry.staged());
        } else {
          area.parts().remove(entry.staged());
        }
      }
      case Unit.MovedFile _ -> {} // it stays where it is
    }
  }

  private void sealIfOpen(NewDirectory unit) throws IOException, InterruptedException {
    if (unit.isSealed()) {
      return;
    }
    placement.withRoom(() -> {
      try (Directory directory = area.stage().openChild(unit.staged())) {
        seal(unit, directory, writer, area.inheritedFlags());
      }
    });
  }

  /** Gives a staged directory its own metadata; nothing is made in it afterwards. */
  public static void seal(
      NewDirectory unit, Directory directory, MetadataWriter writer, int inheritedFlags)
      throws IOException {
    Metadata self = unit.self();
    if (self != null) {
      var inode = new Inode.Opened(directory.fd());
      int permissions = MetadataWriter.permissionsAtBirth(self);
      if (permissions != 0700) {
        directory.fd().chmod(permissions);
      }
      writer.complete(inode, self, inheritedFlags, Locking.LEAVE, unit.path());
      if (writer.isBoundByModes()) {
        Clearing.grant(directory.fd()); // until it is where it belongs
      }
    }
    unit.seal();
  }

  private void rename(Epoch epoch) throws IOException, InterruptedException {
    epoch.carryOver(waiting);
    waiting = new ArrayList<>();
    var changes = new HashMap<TreePath, Changes>();
    for (Unit unit : epoch.units()) {
      at(changes, unit.path().parent()).arriving.add(unit);
    }
    epoch.repairs().forEach((path, wanted) -> at(changes, path).wanted = wanted);
    List<TreePath> parentsFirst = new ArrayList<>(changes.keySet());
    parentsFirst.sort(Comparator.comparingInt(TreePath::depth));
    for (TreePath path : parentsFirst) {
      apply(path, changes.getOrDefault(path, new Changes()));
    }
  }

  private static Changes at(Map<TreePath, Changes> changes, TreePath path) {
    return changes.computeIfAbsent(path, _ -> new Changes());
  }

  private void apply(TreePath path, Changes changes) throws IOException, InterruptedException {
    try (Directory directory = root.openIfPresent(path)) {
      if (directory == null) {
        waiting.addAll(changes.arriving);
        return;
      }
      if (path.isRoot()) {
        applyToRoot(directory, changes);
      } else {
        apply(directory, path, changes);
      }
    } catch (ConfinementException e) {
      if (e.reason() == ConfinementException.Reason.MOUNT_POINT) {
        for (Unit unit : changes.arriving) {
          problems.add(unit.path(), "mount-in-the-way", e.getMessage());
          drop(unit);
        }
      } else {
        waiting.addAll(changes.arriving); // another kind that may be replaced yet
      }
    } catch (LinuxException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
      refuse(changes, e);
    }
  }

  /** The agent isn't root and can't get into the directory. */
  private void refuse(Changes changes, LinuxException reason) throws IOException {
    for (Unit unit : changes.arriving) {
      problems.add(unit.path(), "not-permitted", reason.errno().text());
      drop(unit);
    }
  }

  private void applyToRoot(Directory directory, Changes changes)
      throws IOException, InterruptedException {
    ReentrantLock times = area.rootTimes();
    times.lock();
    try {
      apply(directory, TreePath.ROOT, changes);
    } finally {
      times.unlock();
    }
  }

  private void apply(Directory directory, TreePath path, Changes changes)
      throws IOException, InterruptedException {
    FileStatus before = directory.fd().status();
    int flagsBefore = changes.wanted != null ? 0 : directory.fd().inodeFlags();
    try {
      for (Unit unit : changes.arriving) {
        placement.place(unit, directory);
      }
    } finally {
      placement.finish(directory, before, flagsBefore, changes.wanted, path);
    }
  }

  /** Whether something waits for its directory; asked while no epoch is under way. */
  public boolean isAnyWaiting() {
    return !waiting.isEmpty();
  }

  /** What could not be brought into place because its directory never came; it is dropped. */
  public List<TreePath> dropWaiting() throws IOException {
    var paths = new ArrayList<TreePath>();
    for (Unit unit : waiting) {
      paths.add(unit.path());
      drop(unit);
    }
    waiting = new ArrayList<>();
    unacknowledged = new ArrayList<>();
    return paths;
  }
}
