package io.driftless.protocol.delta;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * A 32-bit hash of a block that slides forward by a byte in constant time: the bytes as
 * coefficients of a polynomial modulo 2^32.
 */
final class WeakHash {
  /*
   * R. M. Karp, M. O. Rabin, Efficient randomized pattern-matching algorithms, IBM Journal of
   * Research and Development 31 (2), 1987, with the machine word as modulus: no division and no
   * table. The multiplier is the prime next to 2^32 divided by the golden ratio. Lower bits of the
   * result depend on the lower bits of the bytes only, so whoever needs few bits takes upper ones.
   * Equal hashes are easily made on purpose: nothing may rely on their absence.
   */
  static final int MULTIPLIER = 0x9E37_79B1;

  private static final int M2 = powerOf(2);
  private static final int M3 = powerOf(3);
  private static final int M4 = powerOf(4);
  private static final int M8 = powerOf(8);

  private WeakHash() {}

  static int of(MemorySegment bytes, long offset, int length) {
    MemorySegment block = bytes.asSlice(offset, length);
    int hash = 0;
    int at = 0;
    for (; at + 7 < length; at += 8) { // eight coefficients a step: see DeltaBenchmark in perf
      hash = hash * M8 + (four(block, at) * M4 + four(block, at + 4));
    }
    for (; at < length; at++) {
      hash = hash * MULTIPLIER + value(block, at);
    }
    return hash;
  }

  private static int four(MemorySegment bytes, int at) {
    return value(bytes, at) * M3
        + value(bytes, at + 1) * M2
        + value(bytes, at + 2) * MULTIPLIER
        + value(bytes, at + 3);
  }

  /** What a byte that leaves a block of this length has to be multiplied with. */
  static int powerOf(int length) {
    int power = 1;
    for (int i = 0; i < length; i++) {
      power *= MULTIPLIER;
    }
    return power;
  }

  static int value(MemorySegment bytes, int at) {
    return bytes.get(JAVA_BYTE, at) & 0xff;
  }
}
