package io.driftless.target.commit;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sequence of epochs: at most one is open for staging, and one is being committed. Thread-safe.
 *
 * <p>At its limits an open epoch takes nobody in until the one before it has been committed.
 */
public final class Epochs {
  private final EpochLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Epoch open = new Epoch(1);
  private long lastChangeNanos;
  private boolean closeAsked;
  private boolean emptyAsked;
  private boolean committing;
  private boolean ended;
  private int failures;

  public Epochs(EpochLimits limits) {
    this.limits = limits;
  }

  /**
   * Enters the open epoch; {@link #leave} follows.
   *
   * @throws CancellationException if there will be no further epoch
   */
  public Epoch enter() throws InterruptedException {
    lock.lock();
    try {
      while (isFull(open) && !ended) {
        changed.await();
      }
      requireGoingOn();
      open.writers++;
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Leaves an epoch with so many entries more in it. */
  public void leave(Epoch epoch, long entries, long bytes) {
    lock.lock();
    try {
      epoch.writers--;
      if (entries > 0) {
        lastChangeNanos = System.nanoTime();
        boolean first = epoch.entries == 0;
        epoch.openedNanos = first ? lastChangeNanos : epoch.openedNanos;
        epoch.entries += entries;
        epoch.bytes += bytes;
        if (first || isFull(epoch)) {
          changed.signalAll();
        }
      }
      if (epoch.writers == 0 && (epoch != open || closeAsked)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has the open epoch closed as soon as the committer is free, however little is in it. */
  public void closeSoon() {
    lock.lock();
    try {
      closeAsked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything that was staged is committed.
   *
   * @throws CancellationException if that will never be
   */
  public void flush() throws InterruptedException {
    lock.lock();
    try {
      while (open.entries > 0 || open.writers > 0 || committing || emptyAsked) {
        requireGoingOn();
        closeAsked = true;
        changed.signalAll();
        changed.await();
      }
      closeAsked = false;
      requireGoingOn();
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #flush}, and there is one more epoch even if nothing was staged: what waits for its
   * directory is tried again.
   */
  public void flushAgain() throws InterruptedException {
    lock.lock();
    try {
      emptyAsked = true;
      flush();
    } finally {
      lock.unlock();
    }
  }

  /** Ends everything: nobody gets in, and the committer gets nothing more. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireGoingOn() {
    if (ended) {
      throw new CancellationException("the pass has ended");
    }
  }

  /** Waits for an epoch that is due and closes it; null at the end. For the committer. */
  @Nullable Epoch awaitClosed() throws InterruptedException {
    lock.lock();
    try {
      long waitNanos = nanosUntilDue();
      while (waitNanos > 0 && !ended) {
        if (waitNanos == Long.MAX_VALUE) {
          changed.await();
        } else {
          changed.awaitNanos(waitNanos);
        }
        waitNanos = nanosUntilDue();
      }
      if (ended) {
        return null;
      }
      return close();
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntilDue() {
    if (emptyAsked) {
      return 0;
    }
    if (open.entries == 0) {
      return Long.MAX_VALUE;
    }
    if (closeAsked || isFull(open)) {
      return 0;
    }
    long now = System.nanoTime();
    long untilOld = limits.age().toNanos() - (now - open.openedNanos);
    long untilIdle = limits.idle().toNanos() - (now - lastChangeNanos);
    return Math.min(untilOld, open.writers > 0 ? limits.idle().toNanos() : untilIdle);
  }

  /**
   * Takes note that the disk failed: what is staged in the open epoch may be lost as well, because
   * a failure is told once. For the committer.
   *
   * @return the open epoch, closed, if something was staged in it
   */
  @Nullable Epoch fail() throws InterruptedException {
    lock.lock();
    try {
      failures++;
      return open.entries == 0 && open.writers == 0 ? null : close();
    } finally {
      lock.unlock();
    }
  }

  /** How often the disk has failed. What was written before the last time is not to be trusted. */
  public int failures() {
    lock.lock();
    try {
      return failures;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Epoch close() throws InterruptedException {
    Epoch closed = open;
    open = new Epoch(closed.number() + 1);
    closeAsked = false;
    emptyAsked = false;
    committing = true;
    changed.signalAll();
    while (closed.writers > 0 && !ended) {
      changed.await();
    }
    return ended ? null : closed;
  }

  /** The epoch that was closed last has been dealt with. */
  void committed() {
    lock.lock();
    try {
      committing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(Epoch epoch) {
    return epoch.entries >= limits.entriesMax() || epoch.bytes >= limits.bytesMax();
  }
}
