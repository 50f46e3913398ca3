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

  private record Pending(Node node, TreePath path) {}

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
    growth++;
    try (Directory directory = root.root().open(TreePath.ROOT)) {
      top = nodeOf(directory);
      detach(top);
      top.growth = growth;
    }
    growBelow(top, TreePath.ROOT);
    List.copyOf(byWatch.values()).forEach(this::dropIfOld);
  }

  /** Watches a directory and all below it; what is watched already gets its new place. */
  void grow(Node parent, TreePath path) throws LinuxException, UnwatchableException {
    growth++;
    try (Directory directory = openIfThere(parent, path.parent())) {
      Node node = directory == null ? null : attach(directory, parent, path.name());
      if (node != null) {
        growBelow(node, path);
      }
    }
  }

  /*
   * A directory is watched before it is listed: what comes into it later makes an event, what was
   * there before is in the list.
   *
   * Paths are those of events that have been drained. Where another directory is found than the one
   * that belongs there, or one that would be its own ancestor, it has been moved since: then that
   * event follows, and everything below its new place is watched by it.
   */
  private void growBelow(Node first, TreePath firstPath)
      throws LinuxException, UnwatchableException {
    Deque<Pending> pending = new ArrayDeque<>();
    pending.push(new Pending(first, firstPath));
    while (!pending.isEmpty()) {
      Pending at = pending.pop();
      try (Directory directory = openIfThere(at.node, at.path)) {
        if (directory != null) {
          watchChildren(directory, at, pending);
        }
      }
    }
  }

  private void watchChildren(Directory directory, Pending at, Deque<Pending> pending)
      throws LinuxException, UnwatchableException {
    for (Name name : subdirectories(directory)) {
      Node child = attach(directory, at.node, name);
      if (child != null) {
        pending.push(new Pending(child, at.path.resolve(name)));
      }
    }
  }

  private List<Name> subdirectories(Directory directory) {
    var names = new ArrayList<Name>();
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        Kind kind = entries.kind();
        if ((kind == null || kind == Kind.DIRECTORY)
            && !RootPath.isOurOwn(directory.path(), entries.name())) {
          names.add(entries.name());
        }
      }
    } catch (LinuxException e) {
      unreadable++;
    }
    return names;
  }

  private @Nullable Directory openIfThere(Node node, TreePath path)
      throws LinuxException, UnwatchableException {
    Directory directory = openIfAllowed(() -> root.root().openIfPresent(path));
    if (directory != null && inotify.watch(directory) != node.watch) {
      nodeOf(directory);
      directory.close();
      return null;
    }
    return directory;
  }

  private @Nullable Node attach(Directory parentDirectory, Node parent, Name name)
      throws LinuxException, UnwatchableException {
    try (Directory directory = openIfAllowed(() -> parentDirectory.openChildIfPresent(name))) {
      Node node = directory == null ? null : nodeOf(directory);
      if (node == null || isAncestor(node, parent)) {
        return null;
      }
      detach(node);
      Node other = parent.children.put(name, node);
      if (other != null) {
        other.parent = null;
      }
      node.growth = growth;
      node.parent = parent;
      node.name = name;
      return node;
    }
  }

  private Node nodeOf(Directory directory) throws LinuxException, UnwatchableException {
    Node node = byWatch.computeIfAbsent(inotify.watch(directory), Node::new);
    if (byWatch.size() > Limits.DIRECTORIES_MAX) {
      throw Limits.ofDirectories();
    }
    return node;
  }

  private static boolean isAncestor(Node node, Node of) {
    Node at = of;
    while (at != node && at.parent != null) {
      at = at.parent;
    }
    return at == node;
  }

  private interface Opening {
    @Nullable Directory open() throws LinuxException;
  }

  /**
   * Null for what isn't there any more, for what may not be read, and where something is mounted.
   */
  private @Nullable Directory openIfAllowed(Opening opening) throws LinuxException {
    try {
      return opening.open();
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
