package io.driftless.target.session;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Directories that were renamed because they looked like what the source has at another place, and
 * the root where others have written to the volume. What they hold isn't trusted before a whole
 * pass has compared it. Thread-safe.
 */
final class Relocations {
  private static final int UNTOLD_MAX = 64 * 1024;

  private final PoisonStore store;
  private final Set<TreePath> unproven;
  private final Map<TreePath, TreePath> origins = new HashMap<>();
  private final List<Renamed> untold = new ArrayList<>();

  /** An entry that has another name now. */
  record Renamed(TreePath from, TreePath to, Kind kind) {}

  Relocations(PoisonStore store) throws IOException {
    this.store = store;
    this.unproven = new HashSet<>(store.unproven());
  }

  /** Directories are about to be renamed to these names. Durable when it returns. */
  synchronized void begin(List<TreePath> names) throws IOException {
    store.doubt(names);
    unproven.addAll(names);
  }

  /** A directory was renamed. */
  synchronized void done(TreePath from, TreePath to) {
    origins.put(to, from);
    tell(new Renamed(from, to, Kind.DIRECTORY));
  }

  /** A file is about to be renamed. */
  synchronized void file(TreePath from, TreePath to) {
    tell(new Renamed(from, to, Kind.REGULAR));
  }

  private void tell(Renamed one) {
    if (untold.size() < UNTOLD_MAX) {
      untold.add(one);
    }
  }

  /** What was renamed since this was last asked; of very many, the first. */
  synchronized List<Renamed> takeRenamed() {
    List<Renamed> taken = List.copyOf(untold);
    untold.clear();
    return taken;
  }

  /** Tells whether nobody has proved yet that files of a directory hold what the source has. */
  synchronized boolean isUnproven(TreePath directory) {
    if (unproven.isEmpty()) {
      return false;
    }
    for (TreePath at = directory; !at.isRoot(); at = at.parent()) {
      if (unproven.contains(at)) {
        return true;
      }
    }
    return unproven.contains(TreePath.ROOT);
  }

  /** Where a directory was when this pass began. */
  synchronized TreePath origin(TreePath directory) {
    if (origins.isEmpty()) {
      return directory;
    }
    for (TreePath at = directory; !at.isRoot(); at = at.parent()) {
      TreePath from = origins.get(at);
      if (from != null) {
        return rebased(directory, at, from);
      }
    }
    return directory;
  }

  private static TreePath rebased(TreePath path, TreePath from, TreePath to) {
    TreePath moved = to;
    for (Name name : path.names().subList(from.depth(), path.depth())) {
      moved = moved.resolve(name);
    }
    return moved;
  }

  /** A whole pass has compared everything. */
  synchronized void proven() throws IOException {
    if (!unproven.isEmpty()) {
      store.proven();
      unproven.clear();
    }
  }
}
