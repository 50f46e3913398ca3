package io.driftless.protocol.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Which pages of a stretch of a file were not in the page cache at one moment. What can't be found
 * out counts as cached. Confined to one thread at a time.
 */
public final class Residency {
  /** The longest stretch. */
  public static final int BYTES_MAX = 64 << 20;

  /** Nothing is known: all of it counts as cached. */
  public static final Residency UNKNOWN = new Residency(0, new BitSet());

  private static final int PAGE_BYTES = pageBytes();
  private static final int AT_PAGESZ = 6;
  private static final int PROT_NONE = 0;
  private static final int MAP_SHARED = 1;
  private static final byte CACHED = 1;

  private final long start;
  private final BitSet absent;

  private Residency(long start, BitSet absent) {
    this.start = start;
    this.absent = absent;
  }

  /** The page size of this kernel from its auxiliary vector; 0 where it doesn't tell. */
  private static int pageBytes() {
    try {
      ByteBuffer pairs =
          ByteBuffer.wrap(Proc.read("/proc/self/auxv")).order(ByteOrder.nativeOrder());
      while (pairs.remaining() >= 2 * Long.BYTES) {
        long key = pairs.getLong();
        long value = pairs.getLong();
        if (key == AT_PAGESZ) {
          return (int) value;
        }
      }
    } catch (LinuxException e) {
      // Then the page cache is left as it comes.
    }
    return 0;
  }

  /**
   * Looks at a stretch; costs three system calls, and reads nothing.
   *
   * @param length at most {@link #BYTES_MAX}
   */
  public static Residency of(Fd file, long offset, long length) {
    if (length > BYTES_MAX) {
      throw new IllegalArgumentException("%d bytes at a time".formatted(length));
    }
    if (PAGE_BYTES == 0 || length <= 0) {
      return UNKNOWN;
    }
    long start = offset / PAGE_BYTES * PAGE_BYTES;
    int pages = (int) ((offset + length - start + PAGE_BYTES - 1) / PAGE_BYTES);
    return new Residency(start, absent(file, start, pages));
  }

  private static BitSet absent(Fd file, long start, int pages) {
    Scratch scratch = Scratch.ofThisThread();
    var absent = new BitSet(pages);
    long bytes = (long) pages * PAGE_BYTES;
    long map =
        Kernel.call(
            scratch, SystemCall.MMAP, 0, bytes, PROT_NONE, MAP_SHARED, file.number(), start);
    if (map < 0) {
      return absent;
    }
    MemorySegment vector = scratch.large().asSlice(0, pages).fill(CACHED);
    Kernel.call(scratch, SystemCall.MINCORE, map, bytes, vector.address());
    Kernel.call(scratch, SystemCall.MUNMAP, map, bytes);
    for (int page = 0; page < pages; page++) {
      if ((vector.get(JAVA_BYTE, page) & CACHED) == 0) {
        absent.set(page);
      }
    }
    return absent;
  }

  /** How much of it was not cached, in whole pages. */
  public long absentBytes() {
    return (long) absent.cardinality() * PAGE_BYTES;
  }

  /**
   * Lets go of what was not cached then, as far as it is clean and nobody has it mapped. Never
   * fails.
   *
   * @param file the same one, through whatever descriptor
   */
  public void restore(Fd file) {
    int from = absent.nextSetBit(0);
    while (from >= 0) {
      int to = absent.nextClearBit(from);
      long offset = start + (long) from * PAGE_BYTES;
      file.advise(offset, (long) (to - from) * PAGE_BYTES, AccessPattern.DONT_NEED);
      from = absent.nextSetBit(to);
    }
  }
}
