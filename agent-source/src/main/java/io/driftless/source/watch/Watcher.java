package io.driftless.source.watch;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.EventQueue;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices changes in volumes as they happen. One for an agent; thread-safe.
 *
 * <p>One thread waits for all queues of the kernel, drains what is ready and tells the volumes'
 * sinks; while nothing changes it sleeps in the kernel. Volumes come and go. A volume is watched
 * completely when {@link #watch} has returned; what was there before is for a pass to find, begun
 * after that.
 */
public final class Watcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

  private final Waiting waiting;
  private final Thread thread;
  private final Object lock = new Object();

  // All under the lock.
  private final List<Feed> feeds = new ArrayList<>();
  private final List<Feed> ended = new ArrayList<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private List<CompletableFuture<@Nullable Void>> drainings = new ArrayList<>();
  private boolean isClosed;

  private Watcher(Waiting waiting) {
    this.waiting = waiting;
    this.thread = Thread.ofPlatform().daemon().name("watcher").unstarted(this::run);
  }

  /** Starts the thread, which has nothing to do yet. */
  public static Watcher start() throws LinuxException {
    var watcher = new Watcher(Waiting.open());
    watcher.thread.start();
    return watcher;
  }

  /**
   * Watches a volume, by the best method that works. May take as long as a walk.
   *
   * @param root stays the caller's, open for as long as the volume is watched
   */
  public WatchedVolume watch(ConfinedRoot root, ChangeSink sink) throws LinuxException {
    return watch(root, sink, WatchMethod.Kind.FANOTIFY);
  }

  /** As {@link #watch(ConfinedRoot, ChangeSink)}, by this method or a worse one. */
  public WatchedVolume watch(ConfinedRoot root, ChangeSink sink, WatchMethod.Kind best)
      throws LinuxException {
    WatchedRoot watched = WatchedRoot.open(root, sink);
    try {
      return subscribe(watched, best);
    } catch (Throwable failure) {
      watched.close();
      throw failure;
    }
  }

  private Subscription subscribe(WatchedRoot root, WatchMethod.Kind best) {
    String reason = "it was not wanted";
    if (best == WatchMethod.Kind.FANOTIFY) {
      try {
        return subscribeToFileSystem(root);
      } catch (LinuxException e) {
        reason = Limits.ofFanotify(e).reason();
      }
    }
    if (best != WatchMethod.Kind.NONE) {
      try {
        return subscribeToDirectories(root, reason);
      } catch (UnwatchableException e) {
        reason += "; " + e.reason();
      }
    }
    return new Subscription(root, null, WatchMethod.none(reason));
  }

  private Subscription subscribeToFileSystem(WatchedRoot root) throws LinuxException {
    synchronized (lock) {
      FileSystemFeed feed = feedFor(root);
      feed.add(root);
      return subscribed(root, feed, WatchMethod.fanotify());
    }
  }

  private FileSystemFeed feedFor(WatchedRoot root) throws LinuxException {
    for (Feed feed : feeds) {
      if (feed instanceof FileSystemFeed known && known.marks(root)) {
        return known;
      }
    }
    return FileSystemFeed.of(root);
  }

  private Subscription subscribeToDirectories(WatchedRoot root, String reason)
      throws UnwatchableException {
    DirectoryFeed feed = DirectoryFeed.of(root);
    synchronized (lock) {
      return subscribed(root, feed, WatchMethod.inotify(reason));
    }
  }

  private Subscription subscribed(WatchedRoot root, Feed feed, WatchMethod method) {
    if (!feeds.contains(feed)) {
      feeds.add(feed);
      waiting.wake();
    }
    var subscription = new Subscription(root, feed, method);
    subscriptions.add(subscription);
    return subscription;
  }

  /**
   * Completes when the sinks have heard of every change that was made before this call.
   *
   * <p>Nothing is written for it. The kernel appends an event within the system call that makes the
   * change; a call that has returned has its event in a queue. A queue gives its events in their
   * order, so when as many have been taken as were in it after this call, or it was found empty,
   * those of earlier calls have been told of. An overflow is an event in its place in the queue,
   * and puts the volumes in doubt. What makes no event (stores through mappings, asynchronous
   * writes) is not among it: see {@link OpenFiles}.
   */
  public CompletableFuture<@Nullable Void> drained() {
    var drained = new CompletableFuture<@Nullable Void>();
    synchronized (lock) {
      if (isClosed) {
        drained.cancel(false);
        return drained;
      }
      drainings.add(drained);
    }
    waiting.wake();
    return drained;
  }

  private void run() {
    try {
      List<EventQueue> queues = List.of();
      while (true) {
        waiting.await(queues);
        List<CompletableFuture<@Nullable Void>> done;
        synchronized (lock) {
          ended.forEach(Feed::close);
          ended.clear();
          if (isClosed) {
            return;
          }
          done = drainings;
          drainings = new ArrayList<>();
          for (Feed feed : List.copyOf(feeds)) {
            drain(feed);
          }
          queues = feeds.stream().map(Feed::queue).toList();
        }
        done.forEach(drained -> drained.complete(null));
      }
    } catch (LinuxException e) {
      LOG.error("changes are not noticed any more: {}", e.getMessage());
      synchronized (lock) {
        List.copyOf(feeds)
            .forEach(feed -> giveUp(feed, "changes can't be waited for: " + e.getMessage()));
      }
    }
  }

  private void drain(Feed feed) {
    try {
      feed.drain();
    } catch (UnwatchableException e) {
      LOG.warn("changes are not noticed any more: {}", e.reason());
      giveUp(feed, e.reason());
    } catch (RuntimeException e) {
      LOG.error("a change could not be told of", e);
      feed.roots().forEach(root -> root.sink().inDoubt("a change could not be told of: " + e));
    }
  }

  private void giveUp(Feed feed, String reason) {
    feeds.remove(feed);
    ended.add(feed);
    for (Subscription subscription : List.copyOf(subscriptions)) {
      if (subscription.feed == feed) {
        subscription.lose(reason);
      }
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      waiting.wake();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // the thread still waits for what would be closed
    }
    synchronized (lock) {
      List.copyOf(subscriptions).forEach(Subscription::close);
      ended.forEach(Feed::close);
      ended.clear();
      drainings.forEach(draining -> draining.cancel(false));
      drainings.clear();
    }
    waiting.close();
  }

  private final class Subscription implements WatchedVolume {
    private final WatchedRoot root;

    // Both under the lock.
    private @Nullable Feed feed;
    private WatchMethod method;

    private Subscription(WatchedRoot root, @Nullable Feed feed, WatchMethod method) {
      this.root = root;
      this.feed = feed;
      this.method = method;
    }

    @Override
    public WatchMethod method() {
      synchronized (lock) {
        return method;
      }
    }

    @Override
    public long overflows() {
      synchronized (lock) {
        return feed == null ? 0 : feed.overflows();
      }
    }

    private void lose(String reason) {
      feed = null;
      method = WatchMethod.none(reason);
      root.sink().inDoubt(reason);
    }

    @Override
    public void close() {
      synchronized (lock) {
        subscriptions.remove(this);
        Feed from = feed;
        feed = null;
        if (from != null && from.remove(root)) {
          feeds.remove(from);
          ended.add(from);
          waiting.wake();
        }
        root.close();
      }
    }
  }
}
