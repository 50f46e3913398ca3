package io.driftless.protocol.wire;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How many bytes of content an agent may have waiting before its lanes, all sessions together.
 * Keeps memory bounded and makes reading as slow as sending. Where the lanes are slow less may
 * wait, so that what comes next is not late.
 *
 * <p>Those who wait are served in turn by conversation, in proportion to their weights; within one
 * who comes first is served first, so that large messages don't starve. A conversation that has
 * nothing waiting may always add one message: it does not stand behind another one's.
 *
 * <p>Also learns how fast the wire is, from what was sent while much was waiting here. Thread-safe.
 */
final class SendBudget {
  /** However slow the lanes are, so much may wait. */
  private static final long BYTES_MIN = 64 * 1024;

  /** What goes out in so many parts of a second may wait. */
  private static final long WAITING_PART = 5;

  /** Where so much of it is taken, those who send are not slower than the wire. */
  private static final double FULL_SHARE = 0.5;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final long bytesMax;
  private final LongSupplier nanoTime;
  private final DrainRate rate = new DrainRate();

  private final LongSupplier wireBytesPerSecond;

  /** Places of those who wait, in the order of their coming. */
  private final Deque<Place> queue = new ArrayDeque<>();

  private long taken;

  /** How far the conversation is that was served last, in bytes by weight. */
  private double served;

  /** What a conversation gets of it. Guarded by the lock. */
  static final class Share {
    private int weight = 1;
    private long taken;
    private double served;
  }

  private record Place(Share share, int bytes, long number) {}

  private long places;

  /**
   * An empty budget.
   *
   * @param bytesMax that may wait where the lanes are fast
   * @param wireBytesPerSecond how fast they may be at the most
   */
  SendBudget(long bytesMax, LongSupplier nanoTime, LongSupplier wireBytesPerSecond) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException("a budget needs bytes: " + bytesMax);
    }
    this.bytesMax = bytesMax;
    this.nanoTime = nanoTime;
    this.wireBytesPerSecond = wireBytesPerSecond;
  }

  /** Has a conversation get more than others, or less. */
  void weigh(Share share, int weight) {
    lock.lock();
    try {
      share.weight = weight;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes bytes, waiting for them. More than there are in all may be taken when nothing is.
   *
   * @return false if the wait was given up, see {@link #wake}
   */
  boolean take(Share share, int bytes, BooleanSupplier givenUp) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var place = new Place(share, bytes, places++);
      if (!queue.isEmpty() || !fits(place)) {
        await(place, givenUp);
      }
      if (givenUp.getAsBoolean()) {
        return false;
      }
      hold(taken + bytes);
      share.taken += bytes;
      served = Math.max(served, share.served);
      share.served = served + (double) bytes / share.weight;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void hold(long bytes) {
    taken = bytes;
    look();
  }

  /** Has the rate know what the queue is like. */
  private void look() {
    boolean isFull = !queue.isEmpty() || taken >= most() * FULL_SHARE;
    DrainRate.Queue filling = isFull ? DrainRate.Queue.FULL : DrainRate.Queue.FILLED;
    rate.becomes(taken == 0 ? DrainRate.Queue.EMPTY : filling, nanoTime.getAsLong());
  }

  /** How many bytes may be taken now. */
  private long most() {
    return Math.min(bytesMax, Math.max(BYTES_MIN, wireBytesPerSecond.getAsLong() / WAITING_PART));
  }

  private boolean fits(Place place) {
    long most = most();
    return taken == 0
        || taken + place.bytes() <= most
        || place.share().taken == 0 && taken < most + bytesMax;
  }

  /** Of those who wait: the conversation that has had least comes first. */
  private boolean isNext(Place place) {
    return queue.stream()
        .min(
            Comparator.<Place>comparingDouble(each -> Math.max(served, each.share().served))
                .thenComparingLong(Place::number))
        .filter(place::equals)
        .isPresent();
  }

  private void await(Place place, BooleanSupplier givenUp) throws InterruptedException {
    queue.add(place);
    look();
    try {
      while (!(isNext(place) && fits(place)) && !givenUp.getAsBoolean()) {
        room.await();
      }
    } finally {
      queue.remove(place);
      room.signalAll(); // the next may fit as well
      look();
    }
  }

  void giveBack(Share share, int bytes) {
    lock.lock();
    try {
      rate.sent(bytes, nanoTime.getAsLong());
      hold(taken - bytes);
      share.taken -= bytes;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Has somebody hold more or fewer bytes than were taken, once it is known how many it takes. */
  void correct(Share share, int takenBytes, int bytes) {
    lock.lock();
    try {
      hold(taken + bytes - takenBytes);
      share.taken += bytes - takenBytes;
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

  /** Bytes per second that the wire took lately; infinite while it takes more than is offered. */
  double bytesPerSecond() {
    lock.lock();
    try {
      return rate.bytesPerSecond(nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return queue.size();
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
