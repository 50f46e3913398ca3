package io.driftless.protocol.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How many bytes of content an agent may have waiting before its lanes, all sessions together.
 * Keeps memory bounded and makes reading as slow as sending.
 *
 * <p>Also learns how fast the wire is, from what was sent while somebody waited here. Thread-safe.
 */
final class SendBudget {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final long bytesMax;
  private final LongSupplier nanoTime;
  private final DrainRate rate = new DrainRate();

  /** Places of those who wait, in the order of their coming. */
  private final Deque<Object> queue = new ArrayDeque<>();

  private long taken;

  SendBudget(long bytesMax, LongSupplier nanoTime) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException("a budget needs bytes: " + bytesMax);
    }
    this.bytesMax = bytesMax;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes bytes, waiting for them. More than there are in all may be taken when nothing is. Who
   * comes first is served first, so that large messages don't starve.
   *
   * @return false if the wait was given up, see {@link #wake}
   */
  boolean take(int bytes, BooleanSupplier givenUp) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!queue.isEmpty() || !fits(bytes)) {
        await(bytes, givenUp);
      }
      if (givenUp.getAsBoolean()) {
        return false;
      }
      taken += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(int bytes) {
    return taken == 0 || taken + bytes <= bytesMax;
  }

  private void await(int bytes, BooleanSupplier givenUp) throws InterruptedException {
    if (queue.isEmpty()) {
      rate.waitingBegins(nanoTime.getAsLong());
    }
    var place = new Object();
    queue.add(place);
    try {
      while (!(queue.peek() == place && fits(bytes)) && !givenUp.getAsBoolean()) {
        room.await();
      }
    } finally {
      queue.remove(place);
      room.signalAll(); // the next may fit as well
      if (queue.isEmpty()) {
        rate.waitingEnds(nanoTime.getAsLong());
      }
    }
  }

  void giveBack(int bytes) {
    lock.lock();
    try {
      taken -= bytes;
      rate.sent(bytes, nanoTime.getAsLong());
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes whoever waits look again whether to give up. */
  void wake() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Plain bytes per second that the wire took lately; infinite while it takes more than is offered.
   */
  double bytesPerSecond() {
    lock.lock();
    try {
      return rate.bytesPerSecond(nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  boolean isAwaited() {
    lock.lock();
    try {
      return !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  long takenBytes() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
