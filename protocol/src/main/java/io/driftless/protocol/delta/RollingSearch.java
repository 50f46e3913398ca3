package io.driftless.protocol.delta;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Finds blocks of a signature at any offset of the new version. Keeps no bytes. */
final class RollingSearch {
  /*
   * How it works [1]. A weak hash slides over the bytes; upper bits of it select a bit of a bitmap
   * that is mostly zero, so that a byte of noise costs a multiplication or two and a load. Behind a
   * set bit stands a table of weak hashes, and only behind an equal one the strong hash is made.
   *
   * After a match the search does not slide: the block that follows in the basis is expected to
   * follow here, and is compared by its strong hash at once, some seven times faster.
   *
   * Where nothing has matched for long it looks at samples: it slides over one block, in which some
   * block of a mere shift would begin, and leaves out up to 15. A match found so is extended
   * backwards, over what was left out.
   *
   * Bounded: a strong hash that confirms nothing is paid for from a credit that grows by a byte for
   * every byte that is passed. So whatever the bytes are, at most as many are hashed in vain as
   * there are, and some. Where the credit is used up, matches are missed, nothing else.
   *
   * [1] A. Tridgell, Efficient Algorithms for Sorting and Synchronization, 1999, chapter 3.
   */
  private static final int QUIET_BLOCKS = 64;
  private static final int SKIP_BLOCKS_MAX = 15;
  private static final int CREDIT_BLOCKS = 16;

  private final BlockIndex index;
  private final DeltaWriter out;
  private final @Nullable LeafHashes known;
  private final TreeHash tree;
  private final int blockBytes;
  private final int power;

  private MemorySegment bytes = MemorySegment.NULL;
  private int at;
  private int literalFrom;
  private int weak;
  private int expected = BlockIndex.NONE;
  private long quietBytes;
  private int skipBlocks = 1;
  private long credit;
  private long foundBytes;

  /**
   * @param known leaves of the new version at its own offsets, for the digest of literals
   */
  RollingSearch(BlockIndex index, StrongHash hash, DeltaWriter out, @Nullable LeafHashes known) {
    this.index = index;
    this.out = out;
    this.known = known;
    this.tree = new TreeHash(hash, new BlockSize(index.blockBytes()));
    this.blockBytes = index.blockBytes();
    this.power = WeakHash.powerOf(blockBytes);
    this.credit = (long) CREDIT_BLOCKS * blockBytes;
  }

  /**
   * Searches a buffer and writes what it finds.
   *
   * @return bytes from its beginning that are done with; less than a block remains, and nothing
   *     where the stretch ends
   */
  long search(MemorySegment buffer, Stretch then) {
    bytes = buffer;
    at = 0;
    literalFrom = 0;
    while (step(then)) {}
    if (then == Stretch.ENDS) {
      end();
      expected = BlockIndex.NONE;
    }
    at = Math.min(at, size());
    writeLiteral(at);
    return at;
  }

  /** Bytes of all matches so far. */
  long foundBytes() {
    return foundBytes;
  }

  private boolean step(Stretch then) {
    if (!out.takesMatches()) {
      at = size();
      return false;
    }
    if (expected != BlockIndex.NONE) {
      if (at + index.length(expected) > size() && then == Stretch.GOES_ON) {
        return false;
      }
      if (!matchExpected()) {
        expected = BlockIndex.NONE;
      }
      return true;
    }
    if (at + blockBytes > size()) {
      return false;
    }
    roll();
    return true;
  }

  private boolean matchExpected() {
    int block = expected;
    int length = index.length(block);
    if (at + length > size() || strongAt(at, length) != index.strong(block)) {
      return false;
    }
    writeMatch(block, tree.leaves());
    return true;
  }

  private long strongAt(int position, int length) {
    return tree.ofBytes(bytes, position, length).low();
  }

  private int size() {
    return (int) bytes.byteSize();
  }

  /** Slides up to the next match, or as far as it seems worth it. */
  private void roll() {
    int last = size() - blockBytes;
    boolean sampling = quietBytes >= (long) QUIET_BLOCKS * blockBytes;
    int limit = (int) Math.min(last, at + (sampling ? blockBytes : last - at));
    if (!sampling) {
      limit = (int) Math.min(limit, at + (long) QUIET_BLOCKS * blockBytes - quietBytes);
    }
    int from = at;
    if (slide(limit)) {
      return;
    }
    at++;
    quietBytes += at - from;
    if (sampling) {
      quietBytes += (long) skipBlocks * blockBytes;
      at = (int) Math.min(size(), at + (long) skipBlocks * blockBytes);
      skipBlocks = Math.min(SKIP_BLOCKS_MAX, 2 * skipBlocks + 1);
    }
  }

  /** Slides until a match has been written; false if there is none up to {@code limit}. */
  private boolean slide(int limit) {
    weak = WeakHash.of(bytes, at, blockBytes);
    int from = at;
    while (true) {
      at = nextCandidate(at, limit);
      credit += at - from;
      from = at;
      if (at > limit) {
        at = limit;
        return false;
      }
      if (confirm()) {
        return true;
      }
      if (at == limit) {
        return false;
      }
      weak = slid(bytes, at, weak);
      at++;
    }
  }

  /** The first position from here to the limit whose weak hash is one of the signature. */
  private int nextCandidate(int from, int limit) {
    MemorySegment entering = bytes.asSlice(from + (long) blockBytes);
    MemorySegment leaving = bytes.asSlice(from);
    long[] bitmap = index.bitmap();
    int shift = index.bitShift();
    int factor = power;
    int hash = weak;
    int length = limit - from;
    for (int i = 0; i < length; i++) {
      int bit = hash >>> shift;
      if ((bitmap[bit >> 6] & (1L << bit)) != 0 && index.first(hash) != BlockIndex.NONE) {
        weak = hash;
        return from + i;
      }
      hash =
          hash * WeakHash.MULTIPLIER
              + (WeakHash.value(entering, i) - factor * WeakHash.value(leaving, i));
    }
    weak = hash;
    int bit = hash >>> shift;
    return (bitmap[bit >> 6] & (1L << bit)) != 0 ? limit : limit + 1;
  }

  private int slid(MemorySegment from, int position, int hash) {
    return hash * WeakHash.MULTIPLIER
        + (WeakHash.value(from, position + blockBytes) - power * WeakHash.value(from, position));
  }

  /** Compares the strong hash at a candidate, and writes the match if it is one. */
  private boolean confirm() {
    int first = index.first(weak);
    if (first == BlockIndex.NONE || credit < blockBytes) {
      return false;
    }
    int block = index.withStrong(first, strongAt(at, blockBytes));
    if (block == BlockIndex.NONE) {
      credit -= blockBytes;
      return false;
    }
    Digest[] leaves = tree.leaves();
    extendBackwards(block);
    writeMatch(block, leaves);
    return true;
  }

  /** Writes what comes before a match: blocks that precede it here as in the basis, if any. */
  private void extendBackwards(int found) {
    Deque<Digest[]> before = new ArrayDeque<>();
    int position = at;
    int block = found;
    while (skipBlocks > 1 && block > 0 && position - blockBytes >= literalFrom) {
      if (strongAt(position - blockBytes, blockBytes) != index.strong(block - 1)) {
        break;
      }
      before.push(tree.leaves());
      position -= blockBytes;
      block--;
    }
    writeLiteral(position);
    for (Digest[] leaves : before) {
      out.match(index.range(block++), leaves);
      foundBytes += blockBytes;
    }
  }

  private void writeMatch(int block, Digest[] leaves) {
    writeLiteral(at);
    out.match(index.range(block), leaves);
    foundBytes += index.length(block);
    at += index.length(block);
    literalFrom = at;
    expected = block + 1 < index.count() ? block + 1 : BlockIndex.NONE;
    quietBytes = 0;
    skipBlocks = 1;
  }

  private void writeLiteral(int until) {
    if (until > literalFrom) {
      out.literal(bytes.asSlice(literalFrom, until - literalFrom), known);
      literalFrom = until;
    }
  }

  /** A short block can only be the end of the basis: it is looked for at the end of the bytes. */
  private void end() {
    int block = index.shortBlock();
    int from = block == BlockIndex.NONE ? size() : size() - index.length(block);
    if (out.takesMatches() && block != BlockIndex.NONE && from >= literalFrom) {
      if (strongAt(from, index.length(block)) == index.strong(block)) {
        at = from;
        writeMatch(block, tree.leaves());
      }
    }
    at = size();
  }
}
