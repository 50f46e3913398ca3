package io.driftless.source.watch;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary;
import java.util.Map;
import java.util.Set;

/** What lies below directories, by the paths alone. */
final class Subtrees {
  private Subtrees() {}

  /** Whether a directory is one of some, or lies below one. */
  static boolean isBelow(TreePath directory, Set<TreePath> trees) {
    if (trees.isEmpty()) {
      return false;
    }
    TreePath at = directory;
    while (!at.isRoot()) {
      if (trees.contains(at)) {
        return true;
      }
      at = at.parent();
    }
    return trees.contains(TreePath.ROOT);
  }

  /** Where a path leads once a directory above it has got another name. */
  static TreePath rebased(TreePath path, TreePath before, TreePath after) {
    TreePath place = after;
    for (Name name : path.names().subList(before.depth(), path.depth())) {
      place = place.resolve(name);
    }
    return place;
  }

  /** Whether an entry is among changes, or something below it. */
  static boolean holds(Itinerary.Changes changes, TreePath path) {
    return changes.names().getOrDefault(path.parent(), Map.of()).containsKey(path.name())
        || changes.names().keySet().stream().anyMatch(directory -> directory.startsWith(path))
        || changes.trees().stream()
            .anyMatch(tree -> tree.startsWith(path) || path.startsWith(tree));
  }
}
