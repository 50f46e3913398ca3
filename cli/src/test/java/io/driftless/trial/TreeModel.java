package io.driftless.trial;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a tree consists of, as far as it must be known to choose the next change to it.
 *
 * <p>The order of the nodes depends on nothing but the calls, so a choice among them depends on the
 * random numbers alone.
 */
final class TreeModel {
  /** What names lead to. */
  static final class Inode {
    final Kind kind;
    int flags;
    int links;

    private Inode(Kind kind) {
      this.kind = kind;
    }

    boolean isDirectory() {
      return kind == Kind.DIRECTORY;
    }

    boolean isRegular() {
      return kind == Kind.REGULAR;
    }
  }

  /** One name. */
  static final class Node {
    Node parent;
    Name name;
    Inode inode;

    private Node(Node parent, Name name, Inode inode) {
      this.parent = parent;
      this.name = name;
      this.inode = inode;
    }

    /** The root, which is its own parent. */
    @SuppressWarnings("NullAway") // until the next line
    private Node() {
      this(null, Name.of("root"), new Inode(Kind.DIRECTORY));
      this.parent = this;
    }

    boolean isRoot() {
      return parent == this;
    }

    TreePath path() {
      return isRoot() ? TreePath.ROOT : parent.path().resolve(name);
    }

    int depth() {
      return isRoot() ? 0 : parent.depth() + 1;
    }

    boolean isWithin(Node ancestor) {
      return this == ancestor || (!isRoot() && parent.isWithin(ancestor));
    }

    @Override
    public String toString() {
      return path().toString();
    }
  }

  private final List<Node> nodes = new ArrayList<>();

  TreeModel() {
    nodes.add(new Node());
  }

  /** The same tree, to go on differently. */
  TreeModel copy() {
    var copy = new TreeModel();
    var copies = new IdentityHashMap<Node, Node>();
    var inodes = new IdentityHashMap<Inode, Inode>();
    copies.put(root(), copy.root());
    copy.root().inode.flags = root().inode.flags;
    for (Node node : nodes.subList(1, nodes.size())) {
      Inode inode = inodes.computeIfAbsent(node.inode, TreeModel::copyOf);
      var twin = new Node(node, node.name, inode);
      copies.put(node, twin);
      copy.nodes.add(twin);
    }
    for (Node node : nodes.subList(1, nodes.size())) {
      of(copies, node).parent = of(copies, node.parent);
    }
    return copy;
  }

  private static Node of(IdentityHashMap<Node, Node> copies, Node node) {
    return java.util.Objects.requireNonNull(copies.get(node), "a node without a twin");
  }

  private static Inode copyOf(Inode inode) {
    var copy = new Inode(inode.kind);
    copy.flags = inode.flags;
    copy.links = inode.links;
    return copy;
  }

  Node root() {
    return nodes.getFirst();
  }

  int size() {
    return nodes.size();
  }

  /** One of those that fit, or null. */
  @Nullable Node any(RandomGenerator random, Predicate<Node> fits) {
    List<Node> fitting = nodes.stream().filter(fits).toList();
    return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
  }

  List<Node> childrenOf(Node directory) {
    return nodes.stream().filter(node -> node.parent == directory && !node.isRoot()).toList();
  }

  @Nullable Node child(Node directory, Name name) {
    return childrenOf(directory).stream()
        .filter(node -> node.name.equals(name))
        .findFirst()
        .orElse(null);
  }

  long count(Predicate<Node> fits) {
    return nodes.stream().filter(fits).count();
  }

  // What was done

  Node add(Node directory, Name name, Kind kind) {
    return link(directory, name, new Inode(kind));
  }

  Node link(Node directory, Name name, Inode inode) {
    var node = new Node(directory, name, inode);
    inode.links++;
    nodes.add(node);
    return node;
  }

  void remove(Node node) {
    node.inode.links--;
    nodes.remove(node);
  }

  void move(Node node, Node directory, Name name) {
    Node replaced = child(directory, name);
    if (replaced != null) {
      remove(replaced);
    }
    node.parent = directory;
    node.name = name;
  }

  void exchange(Node one, Node other) {
    Node parent = one.parent;
    Name name = one.name;
    one.parent = other.parent;
    one.name = other.name;
    other.parent = parent;
    other.name = name;
  }
}
