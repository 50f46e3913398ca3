package io.driftless.source.watch;

import static io.driftless.protocol.linux.Inotify.CLOSE_WRITE;
import static io.driftless.protocol.linux.Inotify.CREATE;
import static io.driftless.protocol.linux.Inotify.DELETE_SELF;
import static io.driftless.protocol.linux.Inotify.IGNORED;
import static io.driftless.protocol.linux.Inotify.MODIFY;
import static io.driftless.protocol.linux.Inotify.MOVED_FROM;
import static io.driftless.protocol.linux.Inotify.MOVED_TO;
import static io.driftless.protocol.linux.Inotify.ON_DIRECTORY;
import static io.driftless.protocol.linux.Inotify.OVERFLOW;

import io.driftless.protocol.linux.EventQueue;
import io.driftless.protocol.linux.Inotify;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.watch.WatchTree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one volume, by one inotify watch for each directory.
 *
 * <p>A directory that is new is watched when its event is drained; by then things may be in it. So
 * it is walked after that, and the sink hears that it came with all that is below.
 */
final class DirectoryFeed implements Feed {
  /** One side of a renaming, until the other one comes. */
  private record Departure(TreePath directory, Name name, @Nullable Node node) {}

  private final Inotify inotify;
  private final WatchedRoot root;
  private final ChangeSink sink;
  private final WatchTree tree;
  private final InotifyEvents events = new InotifyEvents();
  private final Map<Integer, Departure> departures = new LinkedHashMap<>();
  private long overflows;

  private DirectoryFeed(Inotify inotify, WatchedRoot root) {
    this.inotify = inotify;
    this.root = root;
    this.sink = root.sink();
    this.tree = new WatchTree(root, inotify);
  }

  /**
   * Watches every directory of a volume. Takes as long as a walk.
   *
   * @throws UnwatchableException if a limit stands in the way
   */
  static DirectoryFeed of(WatchedRoot root) throws UnwatchableException {
    try {
      var feed = new DirectoryFeed(Inotify.open(), root);
      feed.begin();
      return feed;
    } catch (LinuxException e) {
      throw Limits.ofInotify(e);
    }
  }

  private void begin() throws LinuxException, UnwatchableException {
    try {
      tree.growAnew();
    } catch (LinuxException | UnwatchableException | RuntimeException e) {
      inotify.close();
      throw e;
    }
  }

  @Override
  public EventQueue queue() {
    return inotify;
  }

  @Override
  public List<WatchedRoot> roots() {
    return List.of(root);
  }

  @Override
  public long overflows() {
    return overflows;
  }

  @Override
  public void drain() throws UnwatchableException {
    try {
      long left = inotify.bytesWaiting();
      while (left > 0) {
        int count = events.read(inotify);
        left = count == 0 ? 0 : left - count;
        while (events.next()) {
          take();
        }
      }
      departures.values().forEach(this::leave);
      departures.clear();
    } catch (LinuxException e) {
      throw Limits.ofInotify(e);
    }
  }

  private void take() throws LinuxException, UnwatchableException {
    if (events.has(OVERFLOW)) {
      overflows++;
      tree.growAnew();
      departures.clear();
      sink.inDoubt("the kernel's queue of changes overflowed");
      return;
    }
    Node node = tree.node(events.watch());
    if (events.has(IGNORED)) {
      tree.ended(events.watch());
    } else if (node != null && events.hasName()) {
      tellOf(node, tree.path(node), events.name());
    } else if (node != null && !events.has(DELETE_SELF)) {
      sink.changedDirectory(tree.path(node));
    } else if (node != null && tree.isTop(node)) {
      sink.inDoubt("the root of the volume was deleted");
    }
  }

  private void tellOf(Node node, TreePath directory, Name name)
      throws LinuxException, UnwatchableException {
    if (RootPath.isOurOwn(directory, name)) {
      return;
    }
    if (events.has(MOVED_FROM)) {
      Node moved = events.has(ON_DIRECTORY) ? tree.detach(node, name) : null;
      departures.put(events.cookie(), new Departure(directory, name, moved));
    } else if (events.has(MOVED_TO)) {
      arrive(node, directory, name);
    } else if (events.has(CREATE) && events.has(ON_DIRECTORY)) {
      tree.grow(node, directory.resolve(name));
      sink.appeared(directory, name);
    } else if (events.has(CLOSE_WRITE)) {
      sink.closed(directory, name);
    } else if (events.has(CREATE | MODIFY)) {
      sink.writing(directory, name);
    } else {
      sink.changed(directory, name);
    }
  }

  private void arrive(Node node, TreePath directory, Name name)
      throws LinuxException, UnwatchableException {
    Departure departure = departures.remove(events.cookie());
    boolean isDirectory = events.has(ON_DIRECTORY);
    if (isDirectory) {
      tree.grow(node, directory.resolve(name));
    }
    if (departure != null) {
      if (departure.node != null) {
        tree.drop(departure.node);
      }
      sink.renamed(departure.directory, departure.name, directory, name);
    } else if (isDirectory) {
      sink.appeared(directory, name);
    } else {
      sink.changed(directory, name);
    }
  }

  /**
   * It went out of the volume; or the other side comes later, and then it appears with all below.
   */
  private void leave(Departure departure) {
    if (departure.node != null) {
      tree.drop(departure.node);
    }
    sink.changed(departure.directory, departure.name);
  }

  @Override
  public boolean remove(WatchedRoot gone) {
    return true;
  }

  @Override
  public void close() {
    inotify.close();
  }
}
