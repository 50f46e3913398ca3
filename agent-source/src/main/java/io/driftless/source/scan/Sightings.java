package io.driftless.source.scan;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Manner;
import io.driftless.source.scan.LinkTable.Inode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a walk over changes met that concerns the rest of it, or the next one. Thread-safe. */
public final class Sightings {
  /** From this size on it is worth while not to read a file again and again. */
  private static final long LARGE_BYTES = 16L << 20;

  private final Map<Inode, Map<TreePath, Manner>> shared = new HashMap<>();
  private final Set<TreePath> postponed = ConcurrentHashMap.newKeySet();
  private final Set<TreePath> relinked = ConcurrentHashMap.newKeySet();
  private final Map<TreePath, Long> large = new ConcurrentHashMap<>();
  private volatile boolean tooMany;

  /** A changed name of an inode that has several. */
  synchronized void shared(FileStatus status, TreePath path, Manner manner) {
    shared.computeIfAbsent(Inode.of(status), _ -> new HashMap<>()).put(path, manner);
  }

  /** The changed names of inodes that have several. */
  synchronized Map<Inode, Map<TreePath, Manner>> shared() {
    return Map.copyOf(shared);
  }

  void postponed(Set<TreePath> paths) {
    postponed.addAll(paths);
  }

  void relinked(Set<TreePath> names) {
    relinked.addAll(names);
  }

  void tooManyNames() {
    tooMany = true;
  }

  void written(TreePath path, long sizeBytes) {
    if (sizeBytes >= LARGE_BYTES) {
      large.put(path, sizeBytes);
    }
  }

  /** Names that were left for later: it was not the time to look for the others of their inodes. */
  public Set<TreePath> postponed() {
    return Set.copyOf(postponed);
  }

  /** All names of the inodes with several names that were brought over. */
  public Set<TreePath> relinked() {
    return Set.copyOf(relinked);
  }

  /** Whether there are so many names of shared inodes that only a pass brings them together. */
  public boolean areNamesTooMany() {
    return tooMany;
  }

  /** Large files that were written to, with their sizes in bytes. */
  public Map<TreePath, Long> large() {
    return Map.copyOf(large);
  }
}
