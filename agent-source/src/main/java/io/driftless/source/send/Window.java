package io.driftless.source.send;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of one sort may be outstanding. Served in the order of asking, so that a large taker is
 * not starved by small ones. Thread-safe.
 */
public final class Window {
  private final String unit;
  private final int size;
  private final Semaphore room;
  private final AtomicLong outstanding = new AtomicLong();

  /**
   * An open window.
   *
   * @param unit what is counted, for messages
   */
  public Window(String unit, long size) {
    this.unit = unit;
    this.size = (int) Math.min(size, Integer.MAX_VALUE);
    this.room = new Semaphore(this.size, true);
  }

  public int size() {
    return size;
  }

  /** Waits until there is room for so much. */
  public void take(int count) throws InterruptedException {
    requireFitting(count);
    room.acquire(count);
    outstanding.addAndGet(count);
  }

  /** Takes if there is room now and nobody waits for it. */
  public boolean tryTake(int count) throws InterruptedException {
    requireFitting(count);
    if (!room.tryAcquire(count, 0, TimeUnit.SECONDS)) {
      return false;
    }
    outstanding.addAndGet(count);
    return true;
  }

  private void requireFitting(int count) {
    if (count < 0 || count > size) {
      throw new IllegalArgumentException(
          "%d %s can never fit into a window of %d".formatted(count, unit, size));
    }
  }

  /** Gives back what this side took. */
  public void giveBack(int count) {
    outstanding.addAndGet(-count);
    room.release(count);
  }

  /**
   * The peer gives back.
   *
   * @throws ViolationException if it gives back more than is outstanding
   */
  public void reopen(long count) {
    long left = outstanding.get();
    while (count >= 0 && count <= left) {
      if (outstanding.compareAndSet(left, left - count)) {
        room.release((int) count);
        return;
      }
      left = outstanding.get();
    }
    throw new ViolationException(
        "the target gives back %d %s of %d that are outstanding".formatted(count, unit, left));
  }

  public long outstanding() {
    return outstanding.get();
  }
}
