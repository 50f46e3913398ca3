package io.driftless.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Room for what a session unpacks before anybody asks for it. Bounded, since a peer could have a
 * few bytes stand for all of the memory, and volumes that can't go on have their windows full of
 * what has come. Thread-safe.
 */
final class UnreadBytes {
  /** A volume that can't go on leaves enough for others. */
  static final long BYTES_MAX = 96L << 20;

  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private long bytes;

  /**
   * A direct buffer of a fixed size, which takes room until it is released.
   *
   * @param whenFree run once, on any thread, when it is worthwhile to ask again; only if the answer
   *     is null. Must not block
   * @return null if there is no room. Where nothing is unread there always is
   */
  @Nullable ByteBuf room(int size, Runnable whenFree) {
    synchronized (this) {
      if (bytes > 0 && bytes + size > BYTES_MAX) {
        waiting.add(whenFree);
        return null;
      }
      bytes += size;
    }
    boolean isThere = false;
    try {
      ByteBuf room = new Room(size);
      isThere = true;
      return room;
    } finally {
      if (!isThere) {
        free(size);
      }
    }
  }

  private void free(int size) {
    List<Runnable> told;
    synchronized (this) {
      bytes -= size;
      told = List.copyOf(waiting);
      waiting.clear();
    }
    told.forEach(Runnable::run);
  }

  synchronized long bytes() {
    return bytes;
  }

  private final class Room extends UnpooledUnsafeDirectByteBuf {
    private final int size;

    Room(int size) {
      super(UnpooledByteBufAllocator.DEFAULT, size, size);
      this.size = size;
    }

    @Override
    protected void deallocate() {
      super.deallocate();
      free(size);
    }
  }
}
