package io.driftless.protocol.delta;

import static io.driftless.protocol.delta.BlockSize.LEAF_BYTES;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The full hashes of the leaves of a range, cut from its beginning, as far as they are known; the
 * last may be short. Confined to one thread at a time.
 */
public final class LeafHashes {
  private static final MemorySegment ZEROS =
      MemorySegment.ofArray(new byte[LEAF_BYTES]).asReadOnly();

  private final Range range;
  private final StrongHash hash;
  private final long[] high;
  private final long[] low;
  private final BitSet known;

  /** Hashes none of which is known. */
  public LeafHashes(Range range, StrongHash hash) {
    this.range = range;
    this.hash = hash;
    int count = BlockSize.LEAF.count(range.length());
    this.high = new long[count];
    this.low = new long[count];
    this.known = new BitSet(count);
  }

  public Range range() {
    return range;
  }

  public int count() {
    return high.length;
  }

  /** Hashes the leaves that lie completely in these bytes and are not known yet. */
  public void hash(long offset, MemorySegment bytes) {
    long end = Math.min(offset + bytes.byteSize(), range.end());
    int first = firstFrom(Math.max(offset, range.from()));
    for (int i = first; i < count() && leafEnd(i) <= end; i++) {
      if (!known.get(i)) {
        set(i, hash.hash(bytes, leafFrom(i) - offset, leafEnd(i) - leafFrom(i)));
      }
    }
  }

  private int firstFrom(long offset) {
    return offset >= range.end() ? count() : BlockSize.LEAF.count(offset - range.from());
  }

  /** Takes over what others know of leaves that are cut alike. */
  void learn(LeafHashes other) {
    for (int i = 0; i < other.count(); i++) {
      long from = other.leafFrom(i);
      if (other.known.get(i) && isLeaf(from, other.leafEnd(i))) {
        set((int) ((from - range.from()) / LEAF_BYTES), other.leaf(i));
      }
    }
  }

  /** Takes note of a hash that was made elsewhere. */
  public void learn(int index, Digest leaf) {
    set(index, leaf);
  }

  /** Takes note of a hash if it is that of a leaf, cut as here. */
  void learn(Range piece, Digest digest) {
    if (isLeaf(piece.from(), piece.end())) {
      set(indexOf(piece.from()), digest);
    }
  }

  /** The leaves that lie completely in a range of zeros are known by that. */
  void learnZeros(Range zeros) {
    int first = firstFrom(Math.max(zeros.from(), range.from()));
    for (int i = first; i < count() && leafEnd(i) <= zeros.end(); i++) {
      set(i, hash.hash(ZEROS, 0, leafEnd(i) - leafFrom(i)));
    }
  }

  /** The parts of the range of which no leaf is known, ascending. */
  List<Range> unknown() {
    var gaps = new ArrayList<Range>();
    int from = known.nextClearBit(0);
    while (from < count()) {
      int next = known.nextSetBit(from);
      int end = next < 0 ? count() : next;
      gaps.add(Range.between(leafFrom(from), leafEnd(end - 1)));
      from = known.nextClearBit(end);
    }
    return gaps;
  }

  private boolean isLeaf(long from, long end) {
    long distance = from - range.from();
    if (distance < 0 || from >= range.end() || distance % LEAF_BYTES != 0) {
      return false;
    }
    return leafEnd((int) (distance / LEAF_BYTES)) == end;
  }

  private void set(int index, Digest digest) {
    high[index] = digest.high();
    low[index] = digest.low();
    known.set(index);
  }

  /** Whether this is one leaf, cut as here, and known. */
  boolean knowsLeaf(Range leaf) {
    return isLeaf(leaf.from(), leaf.end()) && known.get(indexOf(leaf.from()));
  }

  /** Whether a range is made up of known leaves. */
  boolean knows(Range part) {
    if (!range.contains(part) || (part.from() - range.from()) % LEAF_BYTES != 0) {
      return false;
    }
    int first = indexOf(part.from());
    int end = first + BlockSize.LEAF.count(part.length());
    boolean ends = part.end() == range.end() || (part.end() - range.from()) % LEAF_BYTES == 0;
    return ends && known.nextClearBit(first) >= end;
  }

  int indexOf(long offset) {
    return Math.toIntExact((offset - range.from()) / LEAF_BYTES);
  }

  public boolean isKnown(int index) {
    return known.get(index);
  }

  public long leafFrom(int index) {
    return range.from() + (long) index * LEAF_BYTES;
  }

  public long leafEnd(int index) {
    return Math.min(range.end(), leafFrom(index) + LEAF_BYTES);
  }

  public Digest leaf(int index) {
    return new Digest(high[index], low[index]);
  }

  /** The hash of a block that is known completely. */
  Digest block(Range block, TreeHash tree) {
    tree.clear();
    int first = indexOf(block.from());
    int end = first + BlockSize.LEAF.count(block.length());
    for (int i = first; i < end; i++) {
      tree.add(leaf(i));
    }
    return tree.root();
  }
}
