package io.driftless.protocol.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of an entry below the root of a volume: names joined by slashes, empty for the root
 * itself.
 *
 * <p>A chain of parents, so that the paths of siblings share their directory. Never absolute and
 * never with {@code .} or {@code ..}, because each part is a {@link Name}. May be longer than
 * PATH_MAX.
 */
public final class TreePath implements Comparable<TreePath> {
  public static final TreePath ROOT = new TreePath(null, null);

  /** Deep enough for every real tree; a bound for what a peer may send. */
  public static final int MAX_BYTES = 32 * 1024;

  private final @Nullable TreePath parent;
  private final @Nullable Name name;
  private final int length;
  private final int depth;

  private TreePath(@Nullable TreePath parent, @Nullable Name name) {
    this.parent = parent;
    this.name = name;
    if (parent == null || name == null) {
      this.length = 0;
      this.depth = 0;
      return;
    }
    this.length = (parent.length == 0 ? 0 : parent.length + 1) + name.length();
    this.depth = parent.depth + 1;
  }

  /**
   * The path with these bytes, names separated by single slashes.
   *
   * @throws IllegalArgumentException if a part is no name or the whole is longer than {@link
   *     #MAX_BYTES}
   */
  public static TreePath of(byte[] bytes) {
    TreePath path = ROOT;
    if (bytes.length == 0) {
      return path;
    }
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "path of %d bytes exceeds %d".formatted(bytes.length, MAX_BYTES));
    }
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '/') {
        path = path.resolve(Name.of(bytes, start, i - start));
        start = i + 1;
      }
    }
    return path;
  }

  /** A path from text that the program itself chose, in UTF-8. */
  public static TreePath of(String text) {
    return of(text.getBytes(UTF_8));
  }

  public TreePath resolve(Name child) {
    return new TreePath(this, child);
  }

  public boolean isRoot() {
    return parent == null;
  }

  /**
   * The directory that holds this entry.
   *
   * @throws IllegalStateException for the root
   */
  public TreePath parent() {
    if (parent == null) {
      throw new IllegalStateException("the root of a volume has no parent");
    }
    return parent;
  }

  /**
   * The last part.
   *
   * @throws IllegalStateException for the root
   */
  public Name name() {
    if (name == null) {
      throw new IllegalStateException("the root of a volume has no name");
    }
    return name;
  }

  /** Number of names, 0 for the root. */
  public int depth() {
    return depth;
  }

  /** Length of {@link #toBytes} in bytes. */
  public int length() {
    return length;
  }

  /** The names from the root down. */
  public List<Name> names() {
    var names = new ArrayList<Name>(depth);
    for (TreePath at = this; at.parent != null; at = at.parent) {
      names.add(at.name());
    }
    return names.reversed();
  }

  /** Tells whether this is {@code ancestor} or lies below it. */
  public boolean startsWith(TreePath ancestor) {
    TreePath at = this;
    while (at.depth > ancestor.depth && at.parent != null) {
      at = at.parent;
    }
    return at.equals(ancestor);
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[length];
    int end = length;
    for (TreePath at = this; at.parent != null; at = at.parent) {
      Name last = at.name();
      last.copyTo(bytes, end - last.length());
      end -= last.length() + 1;
      if (end > 0) {
        bytes[end] = '/';
      }
    }
    return bytes;
  }

  /** By unsigned bytes of the whole path. */
  @Override
  public int compareTo(TreePath other) {
    return Arrays.compareUnsigned(toBytes(), other.toBytes());
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof TreePath path) || depth != path.depth || length != path.length) {
      return false;
    }
    TreePath mine = this;
    TreePath its = path;
    while (mine != its && mine.parent != null && its.parent != null) {
      if (!mine.name().equals(its.name())) {
        return false;
      }
      mine = mine.parent;
      its = its.parent;
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = depth;
    for (TreePath at = this; at.parent != null; at = at.parent) {
      hash = 31 * hash + at.name().hashCode();
    }
    return hash;
  }

  /** For people, {@code .} for the root: what isn't printable is escaped. Never to be parsed. */
  @Override
  public String toString() {
    if (isRoot()) {
      return ".";
    }
    byte[] bytes = toBytes();
    return Escaped.display(bytes, 0, bytes.length);
  }
}
