package io.driftless.target.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.driftless.protocol.tree.Attribute;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Timestamp;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tree as a source would see it, in memory. */
final class MemoryTree {
  static final Timestamp TIME = new Timestamp(1_600_000_000, 123_456_789);

  private final Map<TreePath, Node> nodes = new TreeMap<>();
  private long versions = 2;

  MemoryTree() {
    directory("");
  }

  /**
   * An entry.
   *
   * @param group names with the same one lead to the same inode, 0 for a single name
   */
  record Node(Metadata metadata, byte[] content, long version, long group, boolean busy) {
    Node with(Metadata other) {
      return new Node(other, content, version, group, busy);
    }
  }

  static Metadata metadata(Kind kind, int permissions, long size) {
    return new Metadata(kind, permissions, 0, 0, TIME, TIME, size, 0, 0, Bytes.EMPTY, List.of());
  }

  /** None of them is young. */
  private long nextVersion() {
    versions += 2;
    return versions;
  }

  MemoryTree directory(String path) {
    return put(path, metadata(Kind.DIRECTORY, 0755, 0), new byte[0]);
  }

  MemoryTree file(String path, String content) {
    return file(path, content.getBytes(UTF_8));
  }

  MemoryTree file(String path, byte[] content) {
    return put(path, metadata(Kind.REGULAR, 0644, content.length), content);
  }

  MemoryTree symlink(String path, String target) {
    Metadata plain = metadata(Kind.FIFO, 0777, 0);
    return put(
        path,
        new Metadata(
            Kind.SYMLINK,
            0777,
            0,
            0,
            plain.modified(),
            plain.accessed(),
            0,
            0,
            0,
            Bytes.of(target),
            List.of()),
        new byte[0]);
  }

  MemoryTree special(String path, Kind kind, long device) {
    return put(
        path,
        new Metadata(kind, 0640, 0, 0, TIME, TIME, 0, device, 0, Bytes.EMPTY, List.of()),
        new byte[0]);
  }

  MemoryTree put(String path, Metadata metadata, byte[] content) {
    nodes.put(TreePath.of(path), new Node(metadata, content, nextVersion(), 0, false));
    return this;
  }

  /** Makes these names lead to one inode, that of the first. */
  MemoryTree linked(String... paths) {
    Node first = node(TreePath.of(paths[0]));
    long group = nextVersion();
    for (String path : paths) {
      nodes.put(
          TreePath.of(path),
          new Node(first.metadata(), first.content(), first.version(), group, false));
    }
    return this;
  }

  MemoryTree busy(String path) {
    Node node = node(TreePath.of(path));
    nodes.put(TreePath.of(path), new Node(node.metadata, node.content, node.version, 0, true));
    return this;
  }

  MemoryTree remove(String path) {
    TreePath gone = TreePath.of(path);
    nodes.keySet().removeIf(at -> at.startsWith(gone));
    return this;
  }

  /** Renames an entry with all that is below it; only the entry itself counts as changed. */
  MemoryTree move(String from, String to) {
    TreePath old = TreePath.of(from);
    List<TreePath> moved = nodes.keySet().stream().filter(at -> at.startsWith(old)).toList();
    for (TreePath path : moved) {
      Node node = node(path);
      nodes.remove(path);
      nodes.put(TreePath.of(to + path.toString().substring(from.length())), node);
    }
    return change(to, node(TreePath.of(to)).metadata());
  }

  MemoryTree owned(String path, int uid, int gid) {
    Metadata old = node(TreePath.of(path)).metadata();
    return change(path, old.withOwners(uid, gid, old.attributes()));
  }

  MemoryTree attribute(String path, String name, byte[] value) {
    Metadata old = node(TreePath.of(path)).metadata();
    var attributes = new ArrayList<Attribute>(old.attributes());
    attributes.removeIf(attribute -> attribute.name().equals(Bytes.of(name)));
    attributes.add(new Attribute(Bytes.of(name), Bytes.of(value)));
    attributes.sort(null);
    return change(path, old.withOwners(old.owner(), old.group(), attributes));
  }

  MemoryTree mode(String path, int permissions) {
    Metadata old = node(TreePath.of(path)).metadata();
    return change(path, rebuilt(old, permissions, old.flags()));
  }

  MemoryTree flags(String path, int flags) {
    Metadata old = node(TreePath.of(path)).metadata();
    return change(path, rebuilt(old, old.permissions(), flags));
  }

  MemoryTree modified(String path, long seconds, int nanos) {
    Metadata old = node(TreePath.of(path)).metadata();
    return change(path, old.withModified(new Timestamp(seconds, nanos)));
  }

  private static Metadata rebuilt(Metadata old, int permissions, int flags) {
    return new Metadata(
        old.kind(),
        permissions,
        old.owner(),
        old.group(),
        old.modified(),
        old.accessed(),
        old.sizeBytes(),
        old.device(),
        flags,
        old.linkTarget(),
        old.attributes());
  }

  MemoryTree change(String path, Metadata metadata) {
    Node old = node(TreePath.of(path));
    nodes.put(
        TreePath.of(path),
        new Node(metadata, old.content(), nextVersion(), old.group(), old.busy()));
    return this;
  }

  Node node(TreePath path) {
    Node node = nodes.get(path);
    if (node == null) {
      throw new IllegalStateException("no node at " + path);
    }
    return node;
  }

  boolean has(TreePath path) {
    return nodes.containsKey(path);
  }

  Map<TreePath, Node> nodes() {
    return nodes;
  }

  /** Every directory, parents before children. */
  List<TreePath> directories() {
    return nodes.keySet().stream()
        .filter(path -> node(path).metadata().kind() == Kind.DIRECTORY)
        .sorted(Comparator.comparingInt(TreePath::depth))
        .toList();
  }

  List<TreePath> children(TreePath directory) {
    return nodes.keySet().stream()
        .filter(path -> !path.isRoot() && path.parent().equals(directory))
        .toList();
  }

  Entry self(TreePath directory) {
    Node node = node(directory);
    @Nullable Name name = directory.isRoot() ? null : directory.name();
    return new Entry(name, node.metadata(), LinkRole.ONLY, node.version());
  }

  /** An entry in the listing of its directory. */
  Entry listed(TreePath path) {
    Node node = node(path);
    if (node.metadata().kind() == Kind.DIRECTORY) {
      return EntryCodec.nameOfDirectory(path.name());
    }
    LinkRole role =
        node.group() == 0
            ? LinkRole.ONLY
            : firstOf(node.group()).equals(path) ? LinkRole.FIRST : LinkRole.LATER;
    return new Entry(path.name(), node.metadata(), role, node.version());
  }

  TreePath firstOf(long group) {
    return nodes.keySet().stream()
        .filter(path -> node(path).group() == group)
        .findFirst()
        .orElseThrow();
  }
}
