package io.driftless.source.watch;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long entries wait that were taken a moment ago, so that those which keep changing settle.
 * Remembers as many as were used last. Not thread-safe; times are monotonic, in nanoseconds.
 */
final class Settling {
  private static final int RECENT_MAX = 16 * 1024;

  private final Duration quiet;

  /** When entries were taken last. */
  private final Map<TreePath, Long> recent = new Moments();

  /** Files that rest, with the end of it. */
  private final Map<TreePath, Long> resting = new Moments();

  /**
   * Nothing was taken yet.
   *
   * @param quiet after this time without a change an entry has settled
   */
  Settling(Duration quiet) {
    this.quiet = quiet;
  }

  private static final class Moments extends LinkedHashMap<TreePath, Long> {
    private static final long serialVersionUID = 1;

    Moments() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<TreePath, Long> eldest) {
      return size() > RECENT_MAX;
    }
  }

  void taken(TreePath path, long now) {
    recent.put(path, now);
  }

  void rest(TreePath path, long until) {
    resting.put(path, until);
  }

  /** How long an entry that changes now waits for more. */
  long nanosLeft(TreePath directory, Name name, long now) {
    if (recent.isEmpty()) {
      return 0;
    }
    TreePath path = directory.resolve(name);
    Long last = recent.get(path);
    Long restUntil = resting.isEmpty() ? null : resting.get(path);
    long wait = last == null ? 0 : Math.max(0, last + quiet.toNanos() - now);
    return restUntil == null ? wait : Math.max(wait, restUntil - now);
  }
}
