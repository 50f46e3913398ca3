package io.driftless.source.watch;

import io.driftless.source.scan.Itinerary.Manner;

/** How an entry became dirty, and when it is due. Times are monotonic, in nanoseconds. */
final class Dirt {
  long since;
  Manner manner;
  long due;

  Dirt(long since, Manner manner, long due) {
    this.since = since;
    this.manner = manner;
    this.due = due;
  }

  /**
   * It has changed once more.
   *
   * @param delay until whoever changes it may be done, 0 if it is
   * @param wait until it has settled
   */
  void changed(long now, Manner how, long delay, long wait) {
    manner = manner.and(how);
    long latest = Math.max(since + DirtySet.PATIENCE.toNanos(), now + wait);
    due = delay == 0 ? Math.min(due, now + wait) : Math.min(latest, Math.max(due, now + delay));
  }

  /** Becomes as dirty as both together, and due when the first of them is. */
  void merge(Dirt other) {
    since = Math.min(since, other.since);
    manner = manner.and(other.manner);
    due = Math.min(due, other.due);
  }
}
