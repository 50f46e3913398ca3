package io.driftless.target.commit;

import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.commit.Unit.NewDirectory;
import io.driftless.target.stage.StagingArea;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The changes that become durable together. Thread-safe; open until its last writer has left. */
public final class Epoch {
  private final long number;
  private final List<Unit> carried = new ArrayList<>();
  private final List<Unit> units = new ArrayList<>();
  private final Map<TreePath, NewDirectory> directories = new LinkedHashMap<>();
  private final Map<TreePath, Metadata> repairs = new LinkedHashMap<>();
  private final List<TreePath> repaired = new ArrayList<>();

  // Guarded by the lock of Epochs.
  int writers;
  long entries;
  long bytes;
  long openedNanos;

  Epoch(long number) {
    this.number = number;
  }

  public long number() {
    return number;
  }

  /** Adds an entry that is complete in the staging area. */
  public synchronized void add(Unit.StagedEntry entry) {
    units.add(entry);
  }

  /** Adds a file of the volume that is to get another name. */
  public synchronized void add(Unit.MovedFile file) {
    units.add(file);
  }

  /** The directory with this path that is new in this epoch, if there is one. */
  public synchronized @Nullable NewDirectory directory(TreePath path) {
    return directories.get(path);
  }

  /** As {@link #directory}; makes it in the stage where there is none yet. */
  public synchronized NewDirectory newDirectory(TreePath path, StagingArea area)
      throws IOException {
    NewDirectory known = directories.get(path);
    if (known != null) {
      return known;
    }
    var made = new NewDirectory(path, area.newName());
    area.stage().makeDirectory(made.staged(), 0700);
    directories.put(path, made);
    return made;
  }

  /** Has a directory of the volume get this metadata, after everything else was done in it. */
  public synchronized void repairDirectory(TreePath path, Metadata wanted) {
    repairs.put(path, wanted);
  }

  /** Notes an entry of which metadata was changed in place. */
  public synchronized void repairedInPlace(TreePath path) {
    repaired.add(path);
  }

  /** Takes over what earlier epochs made durable and could not bring into place. */
  synchronized void carryOver(List<Unit> waiting) {
    carried.addAll(waiting);
  }

  /** What was carried over comes first, so that what is newer wins. */
  synchronized List<Unit> units() {
    var all = new ArrayList<Unit>(carried.size() + directories.size() + units.size());
    all.addAll(carried);
    all.addAll(directories.values());
    all.addAll(units);
    return all;
  }

  synchronized List<NewDirectory> directories() {
    return List.copyOf(directories.values());
  }

  synchronized Map<TreePath, Metadata> repairs() {
    return Map.copyOf(repairs);
  }

  /** Everything by name: what has to be transferred again if it can't be made durable. */
  synchronized List<TreePath> paths() {
    var paths = new ArrayList<TreePath>();
    units().forEach(unit -> paths.add(unit.path()));
    paths.addAll(repairs.keySet());
    paths.addAll(repaired);
    return paths;
  }
}
