package io.driftless.source.watch;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Manner;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a volume did not hold still while somebody looked at both sides: every path that was dirty
 * or being shipped at any time. What differs there says nothing; what differs elsewhere does.
 * Bounded, and {@link #isLost} beyond that. Thread-safe; nothing here waits.
 *
 * <p>Only hashes of paths are kept, so that hours of changes fit. Where two paths have one hash,
 * which is as good as never, it covers a path too many.
 */
public final class Unrest {
  /** Takes note of nothing. */
  static final Unrest UNHEARD = new Unrest(() -> {}, 0);

  private static final int ENTRIES_MAX = 2_000_000;
  private static final int SLOTS_MIN = 1024;

  /** What is known of a path; each is kept on its own. */
  private enum Mark {
    /** It changed, and what is below it only if it went as a whole. */
    TOUCHED,
    /** It and all below it may have changed. */
    TREE,
    /** A directory's own metadata may have changed. */
    SELF,
    /** Each entry of a directory may have changed as one that was touched. */
    ENTRIES
  }

  private final SeededHash hash = new SeededHash(ThreadLocalRandom.current().nextLong());
  private final int entriesMax;
  private final Runnable whenLost;

  /** Open addressing with linear probing, at most half full; 0 is an empty slot. */
  private long[] table = new long[SLOTS_MIN];

  private int size;
  private String reason = "";

  /**
   * Nothing has moved yet.
   *
   * @param whenLost run when it can't tell any more what has moved; must not block
   */
  public Unrest(Runnable whenLost) {
    this(whenLost, ENTRIES_MAX);
  }

  Unrest(Runnable whenLost, int entriesMax) {
    this.whenLost = whenLost;
    this.entriesMax = entriesMax;
  }

  /** An entry moved, and its directory with it. */
  void name(TreePath directory, Name name, Manner manner) {
    add(directory, Mark.SELF);
    add(directory.resolve(name), manner == Manner.TOUCHED ? Mark.TOUCHED : Mark.TREE);
  }

  void directory(TreePath directory) {
    add(directory, Mark.SELF);
  }

  /** A directory and its entries may have moved, each as if it had been touched. */
  void entries(TreePath directory) {
    add(directory, Mark.SELF);
    add(directory, Mark.ENTRIES);
  }

  /** All of a directory moved, and that which holds it. */
  void tree(TreePath top) {
    if (!top.isRoot()) {
      add(top.parent(), Mark.SELF);
    }
    add(top, Mark.TREE);
  }

  /** Anything may have moved. */
  void lose(String why) {
    if (entriesMax == 0) {
      return;
    }
    synchronized (this) {
      if (!reason.isEmpty()) {
        return;
      }
      reason = why;
      table = new long[SLOTS_MIN];
      size = 0;
    }
    whenLost.run();
  }

  private void add(TreePath path, Mark mark) {
    if (entriesMax == 0) {
      return;
    }
    boolean isTooMuch;
    synchronized (this) {
      isTooMuch = reason.isEmpty() && put(keyOf(path, mark)) && size > entriesMax;
    }
    if (isTooMuch) {
      lose("more than %,d paths changed meanwhile".formatted(entriesMax / 2));
    }
  }

  private long keyOf(TreePath path, Mark mark) {
    long key = hash.hash64(path.toBytes()) + mark.ordinal() * 0x9E3779B97F4A7C15L;
    return key == 0 ? 1 : key;
  }

  /** Returns whether it is new. */
  private boolean put(long key) {
    int slot = slotOf(key);
    if (table[slot] == key) {
      return false;
    }
    table[slot] = key;
    if (++size > table.length / 2) {
      grow();
    }
    return true;
  }

  private void grow() {
    long[] old = table;
    table = new long[old.length * 2];
    for (long key : old) {
      if (key != 0) {
        table[slotOf(key)] = key;
      }
    }
  }

  private int slotOf(long key) {
    int slot = (int) (key >>> 32) & (table.length - 1);
    while (table[slot] != 0 && table[slot] != key) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  /** Whether it can't be told what has moved. */
  public synchronized boolean isLost() {
    return !reason.isEmpty();
  }

  /** Why it can't be told; empty if it can. */
  public synchronized String reason() {
    return reason;
  }

  /**
   * Whether an entry itself may have moved. The root has if anything has: what is brought over is
   * staged in it.
   */
  public synchronized boolean covers(TreePath path) {
    if (path.isRoot() && size > 0 || has(path, Mark.SELF) || isTouched(path)) {
      return true;
    }
    for (TreePath at = path; !at.isRoot(); at = at.parent()) {
      if (has(at, Mark.TREE)) {
        return true;
      }
    }
    return has(TreePath.ROOT, Mark.TREE);
  }

  /** Whether an entry may have come or gone, be it with a directory above it. */
  public synchronized boolean coversPresence(TreePath path) {
    if (covers(path)) {
      return true;
    }
    for (TreePath at = path; !at.isRoot(); at = at.parent()) {
      if (isTouched(at)) {
        return true;
      }
    }
    return false;
  }

  private boolean isTouched(TreePath path) {
    return has(path, Mark.TOUCHED) || !path.isRoot() && has(path.parent(), Mark.ENTRIES);
  }

  private boolean has(TreePath path, Mark mark) {
    long key = keyOf(path, mark);
    return table[slotOf(key)] == key;
  }
}
