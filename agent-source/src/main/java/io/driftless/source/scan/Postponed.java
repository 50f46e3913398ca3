package io.driftless.source.scan;

import io.driftless.protocol.tree.TreePath;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names that a walk over changes leaves to one over everything: they lead to inodes with several
 * names, and only all of them together can be brought over. Thread-safe.
 */
public final class Postponed {
  private final Set<TreePath> paths = ConcurrentHashMap.newKeySet();

  void add(TreePath path) {
    paths.add(path);
  }

  public Set<TreePath> paths() {
    return Set.copyOf(paths);
  }
}
