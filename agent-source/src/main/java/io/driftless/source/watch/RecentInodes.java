package io.driftless.source.watch;

import java.util.Map;

/**
 * Inodes to which something happened, so many of those that were seen last. Confined like the feed
 * that it belongs to.
 */
final class RecentInodes {
  private static final int INODES_MAX = 32 * 1024;

  private final HandleKey probe = new HandleKey();
  private final Map<HandleKey, Boolean> inodes = new Recent<>(INODES_MAX);

  /** The inode of the present event. */
  void add(FanotifyEvents events) {
    HandleKey key = view(events);
    if (inodes.get(key) == null) {
      inodes.put(key.copy(), true);
    }
  }

  /** Whether the inode of the present event is one of them. */
  boolean contains(FanotifyEvents events) {
    return !inodes.isEmpty() && inodes.get(view(events)) != null;
  }

  private HandleKey view(FanotifyEvents events) {
    FanotifyEvents.Entry inode = events.inode();
    return probe.of(events.bytes(), inode.handleAt(), inode.handleLength());
  }
}
