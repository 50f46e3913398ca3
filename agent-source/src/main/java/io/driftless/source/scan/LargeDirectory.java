package io.driftless.source.scan;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.send.Branch;
import java.util.ArrayList;
import java.util.List;

/**
 * How a directory is walked that has too many names for one slice.
 *
 * <p>Names are cut into scopes by the leading bits of their hashes, which are uniform, so that the
 * number of names tells how many bits are needed. Each reading of the directory collects the names
 * of some neighbouring scopes, as many as may be held at once; what lies below those is walked
 * before the next reading.
 *
 * @param bits that make a scope
 * @param scopesAtOnce whose names one reading collects
 */
record LargeDirectory(Branch branch, TreePath path, int bits, int scopesAtOnce) {
  /** Names that one reading of a directory keeps, more or less. */
  private static final int NAMES_AT_ONCE = 128 * 1024;

  /**
   * A plan for a directory.
   *
   * @param sliceEntriesMax most entries of a slice
   */
  static LargeDirectory of(Branch branch, TreePath path, long names, int sliceEntriesMax) {
    int bits = 1;
    while (bits < Scope.MAX_BITS && names >>> bits > sliceEntriesMax / 2) {
      bits++;
    }
    int scopes = Math.max(1, NAMES_AT_ONCE / sliceEntriesMax);
    return new LargeDirectory(
        branch, path, bits, Integer.highestOneBit(Math.min(scopes, 1 << bits)));
  }

  int scopes() {
    return 1 << bits;
  }

  Scope scope(int prefix) {
    return new Scope(bits, prefix);
  }

  boolean isFirst(Scope scope) {
    return scope.prefix() == 0;
  }

  /**
   * The names of one scope, as one reading found them.
   *
   * @param sequence taken before that reading
   */
  record Share(long sequence, NameList names, Reach reach) {}

  /** Sorts the names of one reading into the scopes that it is about. */
  final class Sorter {
    private final SeededHash hash;
    private final int firstPrefix;
    private final int namesMax;
    private final List<NameList> lists = new ArrayList<>();
    private boolean overflown;

    Sorter(SeededHash hash, int firstPrefix, int namesMax) {
      this.hash = hash;
      this.firstPrefix = firstPrefix;
      this.namesMax = namesMax;
      int count = Math.min(scopesAtOnce, scopes() - firstPrefix);
      for (int i = 0; i < count; i++) {
        lists.add(new NameList());
      }
    }

    void add(Name name, Kind kind) {
      int list = (int) (hash.hash64(name) >>> (Long.SIZE - bits)) - firstPrefix;
      if (list < 0 || list >= lists.size()) {
        return;
      }
      if (lists.get(list).size() < namesMax) {
        lists.get(list).add(name, kind);
      } else {
        overflown = true;
      }
    }

    /** Tells whether a scope had more names than a slice can have: it grew a lot meanwhile. */
    boolean isOverflown() {
      return overflown;
    }

    List<NameList> lists() {
      return lists;
    }
  }
}
