package io.driftless.source.scan;

import io.driftless.protocol.tree.TreePath;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Directories of a volume on which something is mounted, or was at an earlier pass: what lies there
 * now says nothing about what belongs there. Thread-safe.
 */
public final class MountPoints {
  /** More are not remembered. */
  public static final int KEPT_MAX = 10_000;

  private final Set<TreePath> before;
  private final Set<TreePath> met = ConcurrentHashMap.newKeySet();

  /**
   * For one pass.
   *
   * @param before mount points of earlier passes
   */
  public MountPoints(Collection<TreePath> before) {
    this.before = Set.copyOf(before);
  }

  /** Something is mounted there. */
  void met(TreePath path) {
    if (!before.contains(path) && before.size() + met.size() < KEPT_MAX) {
      met.add(path);
    }
  }

  /** Tells whether something was mounted there at an earlier pass. */
  boolean wasOne(TreePath path) {
    return before.contains(path);
  }

  /** Those that are new. */
  public List<TreePath> found() {
    return List.copyOf(met);
  }
}
