package io.driftless.source.scan;

import io.driftless.protocol.tree.TreePath;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a walk over changes met that concerns the next one. Thread-safe. */
public final class Sightings {
  /** From this size on it is worth while not to read a file again and again. */
  private static final long LARGE_BYTES = 16L << 20;

  private final Set<TreePath> severalNames = ConcurrentHashMap.newKeySet();
  private final Map<TreePath, Long> large = new ConcurrentHashMap<>();

  void severalNames(TreePath path) {
    severalNames.add(path);
  }

  void written(TreePath path, long sizeBytes) {
    if (sizeBytes >= LARGE_BYTES) {
      large.put(path, sizeBytes);
    }
  }

  /**
   * Names that are left to a walk over everything: they lead to inodes with several names, and only
   * all of them together can be brought over.
   */
  public Set<TreePath> severalNames() {
    return Set.copyOf(severalNames);
  }

  /** Large files that were written to, with their sizes in bytes. */
  public Map<TreePath, Long> large() {
    return Map.copyOf(large);
  }
}
