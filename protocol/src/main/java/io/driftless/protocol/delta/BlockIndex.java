package io.driftless.protocol.delta;

import java.util.Arrays;

/** Finds blocks of a signature by their weak hash, within a bounded number of steps. */
final class BlockIndex {
  /** Slots that are looked at before a weak hash is taken for absent. */
  static final int PROBES_MAX = 16;

  /** Different blocks of one weak hash that are told apart; later ones are not found. */
  static final int CHAIN_MAX = 16;

  static final int NONE = -1;

  private static final int BITS_PER_BLOCK_LOGARITHM = 8;
  private static final int BITS_LOGARITHM_MAX = 20;
  private static final int SPREAD = 0x85EB_CA6B;

  private final RollingSignature signature;
  private final int blockBytes;
  private final int fullBlocks;
  private final int[] slots;
  private final int[] next;
  private final long[] bitmap;
  private final int slotShift;
  private final int bitShift;

  BlockIndex(RollingSignature signature) {
    this.signature = signature;
    this.blockBytes = signature.strong().block().bytes();
    int count = signature.strong().count();
    this.fullBlocks = (int) (signature.strong().basis().length() / blockBytes);
    int logarithm = 32 - Integer.numberOfLeadingZeros(Math.max(64, count) - 1);
    this.slots = new int[2 << logarithm];
    this.slotShift = 32 - (logarithm + 1);
    this.next = new int[count];
    int bits = Math.min(BITS_LOGARITHM_MAX, logarithm + BITS_PER_BLOCK_LOGARITHM);
    this.bitmap = new long[(1 << bits) / Long.SIZE];
    this.bitShift = 32 - bits;
    Arrays.fill(slots, NONE);
    Arrays.fill(next, NONE);
    for (int i = 0; i < fullBlocks; i++) {
      insert(i);
    }
  }

  private void insert(int block) {
    int weak = signature.weak(block);
    int slot = slotOf(weak);
    if (slot == NONE) {
      return;
    }
    int bit = weak >>> bitShift;
    bitmap[bit >> 6] |= 1L << bit;
    if (slots[slot] == NONE) {
      slots[slot] = block;
      return;
    }
    int last = slots[slot];
    for (int length = 1; ; length++) {
      if (strong(last) == strong(block) || length == CHAIN_MAX) {
        return;
      }
      if (next[last] == NONE) {
        next[last] = block;
        return;
      }
      last = next[last];
    }
  }

  /** The slot that holds a weak hash or is free for it. */
  private int slotOf(int weak) {
    int slot = (weak * SPREAD) >>> slotShift;
    for (int probe = 0; probe < PROBES_MAX; probe++) {
      int block = slots[slot];
      if (block == NONE || signature.weak(block) == weak) {
        return slot;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return NONE;
  }

  /** The first block with a weak hash. */
  int first(int weak) {
    int slot = slotOf(weak);
    return slot == NONE ? NONE : slots[slot];
  }

  /** The block of a strong hash among those that share the weak hash of {@code first}. */
  int withStrong(int first, long strong) {
    int block = first;
    while (block != NONE && strong(block) != strong) {
      block = next[block];
    }
    return block;
  }

  /** A block that is short because the basis ends there. */
  int shortBlock() {
    return fullBlocks < count() ? fullBlocks : NONE;
  }

  int count() {
    return signature.strong().count();
  }

  long strong(int block) {
    return signature.strong().hash(block);
  }

  Range range(int block) {
    return signature.strong().range(block);
  }

  int length(int block) {
    return (int) range(block).length();
  }

  int blockBytes() {
    return blockBytes;
  }

  /** One bit for each value of the upper bits of a weak hash; unset where no block has them. */
  long[] bitmap() {
    return bitmap;
  }

  int bitShift() {
    return bitShift;
  }
}
