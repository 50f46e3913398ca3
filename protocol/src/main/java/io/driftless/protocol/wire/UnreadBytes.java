package io.driftless.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts what a session has unpacked before anybody asked for it. Bounded, since a peer could have
 * a few bytes stand for all of the memory, and volumes that can't go on have their windows full of
 * what has come. Thread-safe.
 */
final class UnreadBytes {
  /** What is usual where whoever reads keeps up. */
  static final long AMPLE_BYTES = 16L << 20;

  static final long BYTES_MAX = 64L << 20;

  /** How much more may be unpacked. */
  enum Vacancy {
    AMPLE,
    /** As little as it can be made. */
    TIGHT,
    NONE
  }

  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private long bytes;

  /**
   * Tells how much more may be unpacked.
   *
   * @param whenFree run once, on any thread, when it is worthwhile to ask again; only if the answer
   *     is {@link Vacancy#NONE}. Must not block
   */
  synchronized Vacancy vacancy(Runnable whenFree) {
    if (bytes < AMPLE_BYTES) {
      return Vacancy.AMPLE;
    }
    if (bytes < BYTES_MAX) {
      return Vacancy.TIGHT;
    }
    waiting.add(whenFree);
    return Vacancy.NONE;
  }

  /** A direct buffer of a fixed size, which counts until it is released. */
  ByteBuf buffer(int size) {
    var buffer = new Counted(size);
    synchronized (this) {
      bytes += size;
    }
    return buffer;
  }

  private void released(int size) {
    List<Runnable> told = List.of();
    synchronized (this) {
      bytes -= size;
      if (bytes < BYTES_MAX) {
        told = List.copyOf(waiting);
        waiting.clear();
      }
    }
    told.forEach(Runnable::run);
  }

  synchronized long bytes() {
    return bytes;
  }

  private final class Counted extends UnpooledUnsafeDirectByteBuf {
    private final int size;

    Counted(int size) {
      super(UnpooledByteBufAllocator.DEFAULT, size, size);
      this.size = size;
    }

    @Override
    protected void deallocate() {
      super.deallocate();
      released(size);
    }
  }
}
