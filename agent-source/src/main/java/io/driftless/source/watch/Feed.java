package io.driftless.source.watch;

import io.driftless.protocol.linux.EventQueue;
import java.util.List;

/**
 * One queue of changes and the volumes that hear of them.
 *
 * <p>Used under the {@link Watcher}'s lock.
 */
sealed interface Feed permits FileSystemFeed, DirectoryFeed {
  EventQueue queue();

  /**
   * Passes on what was in the queue when this was called, and perhaps some of what came later.
   *
   * @throws UnwatchableException if it can't go on
   */
  void drain() throws UnwatchableException;

  /** How often the queue has overflowed. */
  long overflows();

  /** The volumes that hear of it. */
  List<WatchedRoot> roots();

  /** Takes a volume out; true if none is left. */
  boolean remove(WatchedRoot root);

  /** Ends it when no volume is left, by the thread that waits for the queue. */
  void close();
}
