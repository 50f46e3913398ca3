package io.driftless.protocol.filter;

import io.driftless.protocol.tree.TreePath;
import java.util.Arrays;

/**
 * What stands before a name in its path: nothing in the root, elsewhere the directory and a slash.
 */
final class Head {
  static final Head ROOT = new Head(new byte[0], 0);

  private final byte[] bytes;
  private final int length;

  private Head(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  static Head of(TreePath directory) {
    if (directory.isRoot()) {
      return ROOT;
    }
    byte[] bytes = Arrays.copyOf(directory.toBytes(), directory.length() + 1);
    bytes[directory.length()] = '/';
    return new Head(bytes, bytes.length);
  }

  /** The head of a directory above, which is the beginning of this one; shares its bytes. */
  Head first(int headBytes) {
    return new Head(bytes, headBytes);
  }

  int length() {
    return length;
  }

  byte at(int index) {
    return bytes[index];
  }

  boolean equalTo(byte[] other) {
    return Arrays.equals(bytes, 0, length, other, 0, other.length);
  }

  /** Tells whether one of both is the beginning of the other. */
  boolean agreesWith(byte[] prefix) {
    int common = Math.min(length, prefix.length);
    return Arrays.equals(bytes, 0, common, prefix, 0, common);
  }
}
