package io.driftless.target.session;

import io.driftless.protocol.tree.TreePath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Entries of which nothing is known, as of the beginning of a pass. A directory stands for its own
 * entries too. Immutable.
 */
final class Poison {
  private final Set<TreePath> entries;
  private final Set<TreePath> directories = new HashSet<>();

  Poison(Set<TreePath> entries) {
    this.entries = Set.copyOf(entries);
    for (TreePath entry : this.entries) {
      directories.add(entry);
      if (!entry.isRoot()) {
        directories.add(entry.parent());
      }
    }
  }

  /** Tells whether a slice of this directory must be listed, whatever its digest. */
  boolean touches(TreePath directory) {
    return !directories.isEmpty() && directories.contains(directory);
  }

  /** Tells whether an entry must be transferred, whatever its metadata. */
  boolean contains(TreePath directory, TreePath entry) {
    return !entries.isEmpty() && (entries.contains(entry) || entries.contains(directory));
  }

  List<TreePath> entries() {
    return List.copyOf(entries);
  }
}
