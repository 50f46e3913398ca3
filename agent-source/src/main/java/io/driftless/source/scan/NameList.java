package io.driftless.source.scan;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import java.util.Arrays;

/**
 * Names in a directory with their kinds, in the order of the file system, each once: a directory
 * that changes while it is read may tell a name twice. Not thread-safe.
 */
final class NameList {
  private static final int SIZE_MIN = 16;
  private static final int SIZE_KEPT_MAX = 4096;

  private Name[] names = new Name[SIZE_MIN];
  private byte[] kinds = new byte[SIZE_MIN];

  /** Open addressing, at most half full: one more than the index of a name, 0 where none is. */
  private int[] table = new int[2 * SIZE_MIN];

  private int size;

  /** Appends a name; does nothing if it is there already. */
  void add(Name name, Kind kind) {
    if (size == names.length) {
      grow();
    }
    int slot = slotOf(name);
    if (table[slot] != 0) {
      return;
    }
    names[size] = name;
    kinds[size++] = (byte) kind.code();
    table[slot] = size;
  }

  private void grow() {
    names = Arrays.copyOf(names, size * 2);
    kinds = Arrays.copyOf(kinds, size * 2);
    table = new int[size * 4];
    for (int i = 0; i < size; i++) {
      table[slotOf(names[i])] = i + 1;
    }
  }

  /** Where a name is in the table, or belongs. */
  private int slotOf(Name name) {
    int mask = table.length - 1;
    int hash = name.hashCode() * 0x9E3779B9;
    int slot = ((hash >>> 16) ^ hash) & mask;
    while (table[slot] != 0 && !names[table[slot] - 1].equals(name)) {
      slot = (slot + 1) & mask;
    }
    return slot;
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

  /** Forgets the names from an index on; nothing can be added afterwards until it is cleared. */
  void cut(int newSize) {
    Arrays.fill(names, newSize, size, null);
    size = newSize;
  }

  void clear() {
    if (names.length > SIZE_KEPT_MAX) {
      names = new Name[SIZE_MIN];
      kinds = new byte[SIZE_MIN];
      table = new int[2 * SIZE_MIN];
    } else {
      Arrays.fill(names, 0, size, null);
      Arrays.fill(table, 0);
    }
    size = 0;
  }
}
