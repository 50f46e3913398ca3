package io.driftless.source.scan;

import java.util.Arrays;

/**
 * Inodes with several names that were met, each with the number of its group and a hash of its
 * first name: a table of longs, since there may be a million of them. Not thread-safe.
 *
 * <pre>
 * slot: inode | tag | group, 0 for an empty slot | hash of the first name
 * </pre>
 */
final class OpenGroups {
  private static final int SLOT = 4;
  private static final int TAG = 1;
  private static final int GROUP = 2;
  private static final int FIRST = 3;
  private static final int SLOTS_MIN = 64;

  private long[] table = new long[SLOTS_MIN * SLOT];
  private int size;

  /** A group that was found. */
  record Group(int number, long firstHash) {}

  /** Hears of all groups. */
  interface Visitor<E extends Exception> {
    void visit(LinkTable.Inode inode, Group group) throws E;
  }

  int size() {
    return size;
  }

  /** The number of the group, 0 if the inode has not been met. */
  int group(LinkTable.Inode inode) {
    return (int) table[slotOf(inode) + GROUP];
  }

  /** The hash of the first name of an inode that has been met. */
  long firstHash(LinkTable.Inode inode) {
    return table[slotOf(inode) + FIRST];
  }

  void add(LinkTable.Inode inode, Group group) {
    if ((size + 1) * 3 > table.length / SLOT * 2) {
      grow();
    }
    put(inode, group);
    size++;
  }

  private void put(LinkTable.Inode inode, Group group) {
    int slot = slotOf(inode);
    table[slot] = inode.number();
    table[slot + TAG] = inode.tag();
    table[slot + GROUP] = group.number();
    table[slot + FIRST] = group.firstHash();
  }

  private void grow() {
    long[] old = table;
    table = new long[old.length * 2];
    visit(old, this::put);
  }

  /** Where an inode is, or belongs: linear probing, at most two thirds full. */
  private int slotOf(LinkTable.Inode inode) {
    int slots = table.length / SLOT;
    long hash = (inode.number() ^ inode.tag()) * 0x9E3779B97F4A7C15L;
    int at = (int) (hash >>> 32) & (slots - 1);
    while (table[at * SLOT + GROUP] != 0
        && (table[at * SLOT] != inode.number() || table[at * SLOT + TAG] != inode.tag())) {
      at = (at + 1) & (slots - 1);
    }
    return at * SLOT;
  }

  <E extends Exception> void forEach(Visitor<E> visitor) throws E {
    visit(table, visitor);
  }

  private static <E extends Exception> void visit(long[] table, Visitor<E> visitor) throws E {
    for (int slot = 0; slot < table.length; slot += SLOT) {
      if (table[slot + GROUP] != 0) {
        visitor.visit(
            new LinkTable.Inode(table[slot], table[slot + TAG]),
            new Group((int) table[slot + GROUP], table[slot + FIRST]));
      }
    }
  }

  void clear() {
    Arrays.fill(table, 0);
    size = 0;
  }
}
