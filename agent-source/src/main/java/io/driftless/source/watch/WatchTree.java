package io.driftless.source.watch;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Inotify;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directories of a volume that have a watch, and where each is. Confined to one thread. */
final class WatchTree {
  /** One watched directory. */
  static final class Node {
    private final int watch;
    private final Map<Name, Node> children = new HashMap<>(2);
    private @Nullable Node parent;
    private @Nullable Name name;
    private int growth;

    private Node(int watch) {
      this.watch = watch;
    }
  }

  private record Pending(@Nullable Node parent, TreePath path) {}

  private final WatchedRoot root;
  private final Inotify inotify;
  private final Map<Integer, Node> byWatch = new HashMap<>();
  private @Nullable Node top;
  private int growth;
  private int unreadable;

  WatchTree(WatchedRoot root, Inotify inotify) {
    this.root = root;
    this.inotify = inotify;
  }

  /** Watches everything again from the top, after it was lost what has moved where. */
  void growAnew() throws LinuxException, UnwatchableException {
    unreadable = 0;
    grow(new Pending(null, TreePath.ROOT));
    List.copyOf(byWatch.values()).forEach(this::dropIfOld);
  }

  /** Watches a directory and all below it: those that are watched already at their new place. */
  void grow(Node parent, TreePath path) throws LinuxException, UnwatchableException {
    grow(new Pending(parent, path));
  }

  /*
   * A directory is watched before it is listed: what comes into it later makes an event, what was
   * there before is in the list.
   */
  private void grow(Pending first) throws LinuxException, UnwatchableException {
    growth++;
    Deque<Pending> pending = new ArrayDeque<>();
    pending.push(first);
    while (!pending.isEmpty()) {
      Pending at = pending.pop();
      try (Directory directory = openIfAllowed(at.path)) {
        if (directory != null) {
          Node node = watch(directory, at);
          push(directory, node, pending);
        }
      }
    }
  }

  /**
   * Null for what isn't there any more, for what may not be read, and where something is mounted.
   */
  private @Nullable Directory openIfAllowed(TreePath path) throws LinuxException {
    try {
      return root.root().openIfPresent(path);
    } catch (ConfinementException e) {
      return null;
    } catch (LinuxException e) {
      return switch (e.errno()) {
        case EACCES, EPERM, EIO, ENOTDIR, ELOOP -> {
          unreadable++;
          yield null;
        }
        default -> throw e;
      };
    }
  }

  private Node watch(Directory directory, Pending at) throws LinuxException, UnwatchableException {
    int watch = inotify.watch(directory);
    Node node = byWatch.computeIfAbsent(watch, Node::new);
    if (byWatch.size() > Limits.DIRECTORIES_MAX) {
      throw Limits.ofDirectories();
    }
    detach(node);
    node.growth = growth;
    node.parent = at.parent;
    if (at.parent == null) {
      top = node;
    } else {
      node.name = at.path.name();
      at.parent.children.put(at.path.name(), node);
    }
    return node;
  }

  private void push(Directory directory, Node node, Deque<Pending> pending) {
    TreePath path = directory.path();
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        Kind kind = entries.kind();
        boolean mayBeDirectory = kind == null || kind == Kind.DIRECTORY;
        if (mayBeDirectory && !RootPath.isOurOwn(path, entries.name())) {
          pending.push(new Pending(node, path.resolve(entries.name())));
        }
      }
    } catch (LinuxException e) {
      unreadable++;
    }
  }

  /** Null for a watch that has gone, or whose directory has left the volume. */
  @Nullable Node node(int watch) {
    Node node = byWatch.get(watch);
    return node != null && isAttached(node) ? node : null;
  }

  private boolean isAttached(Node node) {
    Node at = node;
    while (at.parent != null) {
      at = at.parent;
    }
    return at == top;
  }

  boolean isTop(Node node) {
    return node == top;
  }

  TreePath path(Node node) {
    Node parent = node.parent;
    Name name = node.name;
    return parent == null || name == null ? TreePath.ROOT : path(parent).resolve(name);
  }

  /** Takes a directory out of its place; null if it wasn't watched. */
  @Nullable Node detach(Node parent, Name name) {
    Node node = parent.children.get(name);
    if (node != null) {
      detach(node);
    }
    return node;
  }

  private static void detach(Node node) {
    if (node.parent != null && node.name != null) {
      node.parent.children.remove(node.name, node);
    }
    node.parent = null;
  }

  /** Ends the watches of a directory that was detached, and below, unless they have grown since. */
  void drop(Node detached) {
    var all = new ArrayList<Node>();
    all.add(detached);
    for (int i = 0; i < all.size(); i++) {
      all.addAll(all.get(i).children.values());
    }
    all.stream().filter(node -> !isAttached(node)).forEach(this::drop1);
  }

  private void dropIfOld(Node node) {
    if (node.growth != growth) {
      drop1(node);
    }
  }

  private void drop1(Node node) {
    detach(node);
    byWatch.remove(node.watch, node);
    inotify.unwatch(node.watch);
  }

  /** A watch has ended by itself. */
  void ended(int watch) {
    Node node = byWatch.remove(watch);
    if (node != null) {
      detach(node);
    }
  }

  int size() {
    return byWatch.size();
  }

  /** How many directories could not be watched. */
  int unreadable() {
    return unreadable;
  }
}
