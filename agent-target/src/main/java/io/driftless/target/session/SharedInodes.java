package io.driftless.target.session;

import io.driftless.protocol.tree.TreePath;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries that have more names here than at the source, as far as a pass has met them. Some of the
 * names may be about to be deleted; what is shared after that is separated. Thread-safe, bounded.
 */
final class SharedInodes {
  private static final long BYTES_MAX = 8L << 20;
  private static final long BYTES_EACH = 64;

  private final List<Suspect> suspects = new ArrayList<>();
  private long bytes;

  /**
   * An inode and the names that it has at the source.
   *
   * @param others empty if they are too many to be kept
   * @param names how many there are in all
   */
  record Suspect(TreePath first, List<TreePath> others, long names) {
    boolean areAllKnown() {
      return names == 1L + others.size();
    }
  }

  /** Keeps one for later; false if it can't be kept. */
  synchronized boolean add(Suspect suspect) {
    long cost = BYTES_EACH + suspect.first.length();
    for (TreePath other : suspect.others) {
      cost += BYTES_EACH + other.length();
    }
    if (bytes + cost > BYTES_MAX) {
      return false;
    }
    bytes += cost;
    suspects.add(suspect);
    return true;
  }

  synchronized List<Suspect> suspects() {
    return List.copyOf(suspects);
  }
}
