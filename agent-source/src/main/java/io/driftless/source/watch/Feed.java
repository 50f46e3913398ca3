package io.driftless.source.watch;

import io.driftless.protocol.linux.EventQueue;
import io.driftless.protocol.linux.LinuxException;

/**
 * One queue of changes and the volumes that hear of them.
 *
 * <p>Used under the {@link Watcher}'s lock.
 */
sealed interface Feed permits FileSystemFeed {
  EventQueue queue();

  /**
   * Passes on what was in the queue when this was called, and perhaps some of what came later.
   *
   * @throws LinuxException if the queue can't be read, or the feed can't go on
   */
  void drain() throws LinuxException;

  /** How often the queue has overflowed. */
  long overflows();

  /** The volumes that hear of it. */
  Iterable<WatchedRoot> roots();

  /** Takes a volume out; true if none is left. */
  boolean remove(WatchedRoot root);

  /** Ends it when no volume is left, by the thread that waits for the queue. */
  void close();
}
