package io.driftless.source.scan;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import java.util.Arrays;

/** Names in a directory with their kinds, in the order of the file system. Not thread-safe. */
final class NameList {
  private Name[] names = new Name[16];
  private byte[] kinds = new byte[16];
  private int size;

  void add(Name name, Kind kind) {
    if (size == names.length) {
      names = Arrays.copyOf(names, size * 2);
      kinds = Arrays.copyOf(kinds, size * 2);
    }
    names[size] = name;
    kinds[size++] = (byte) kind.code();
  }

  int size() {
    return size;
  }

  Name name(int index) {
    return names[index];
  }

  Kind kind(int index) {
    return Kind.ofCode(kinds[index]);
  }

  /** Forgets the names from an index on. */
  void cut(int newSize) {
    Arrays.fill(names, newSize, size, null);
    size = newSize;
  }

  void clear() {
    cut(0);
    if (names.length > 4096) {
      names = new Name[16];
      kinds = new byte[16];
    }
  }
}
