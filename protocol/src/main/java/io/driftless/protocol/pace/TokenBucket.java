package io.driftless.protocol.pace;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many bytes a second through, or whatever is counted, to however many threads, in the
 * order in which they came; those that come {@link #behind} let the others go first. Thread-safe;
 * the rate may be changed at any time and holds within 20 ms.
 */
public final class TokenBucket implements Pace {
  /*
   * How it works. What flows in during 20 ms, a quantum, is what one call gets at most, so a reader
   * that asks for more than there is reads less at a time instead of waiting long and then reading
   * much. Nothing is granted before a whole quantum is there (or all that was asked for), so a
   * reader never gets crumbs. While nobody asks, a quantum is all that gathers: no bursts. A thread
   * that sleeps is woken late by up to some milliseconds, and by more where the host is busy; what
   * flowed in meanwhile counts up to LATENESS_MAX, else the rate would never be reached. Those
   * behind have a line of their own, and the first of it sleeps without holding up the others, who
   * take what has gathered; after PATIENCE it stands among them, so that it gets a quantum at last.
   */
  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final long REFILL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LATENESS_MAX_NANOS = 5 * REFILL_NANOS;
  private static final long SLEEP_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = 8 * REFILL_NANOS;

  /** Less is not worth a system call, however slow the rate is. */
  private static final int BYTES_MIN = 4096;

  private final Time time;
  private final int grantMin;

  /** Held by the one thread that is next; the others stand in line. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final Pace behind = new Behind();

  private volatile long bytesPerSecond = UNLIMITED;

  // Guarded by the turn.
  private double available;
  private long refilledNanos;

  /** A bucket of bytes, without a limit. */
  public TokenBucket(Time time) {
    this(time, BYTES_MIN);
  }

  /**
   * A bucket without a limit.
   *
   * @param grantMin how many are worth a call, however slow the rate is; who wants fewer gets fewer
   */
  public TokenBucket(Time time, int grantMin) {
    this.time = time;
    this.grantMin = grantMin;
    this.refilledNanos = time.nanos();
  }

  /** For whoever is not to be slowed down. */
  public static TokenBucket unlimited() {
    return new TokenBucket(Time.SYSTEM);
  }

  /**
   * Changes the rate for everybody, those who wait included. Never blocks.
   *
   * @param rate 0 lets nothing through until it is changed again
   */
  public void limitTo(long rate) {
    if (rate < 0) {
      throw new IllegalArgumentException("%d bytes a second".formatted(rate));
    }
    bytesPerSecond = rate;
  }

  /** Lets everything through. */
  public void lift() {
    bytesPerSecond = UNLIMITED;
  }

  /** The same rate for work that is in no hurry, in the order in which it came. */
  public Pace behind() {
    return behind;
  }

  @Override
  public int take(int bytesMax) throws InterruptedException {
    check(bytesMax);
    if (bytesPerSecond == UNLIMITED) {
      return bytesMax;
    }
    turn.lockInterruptibly();
    try {
      int granted = grant(bytesMax, REFILL_NANOS);
      while (granted == 0) {
        time.sleep(waitNanos(bytesMax));
        granted = grant(bytesMax, LATENESS_MAX_NANOS);
      }
      return granted;
    } finally {
      turn.unlock();
    }
  }

  private static void check(int bytesMax) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException("%d bytes wanted".formatted(bytesMax));
    }
  }

  /**
   * A quantum, or all that is wanted; nothing if that is not there yet.
   *
   * @param creditNanos how long something may have flowed in since the last time
   */
  private int grant(int bytesMax, long creditNanos) {
    long rate = bytesPerSecond;
    if (rate == UNLIMITED) {
      return bytesMax;
    }
    refill(rate, creditNanos);
    double enough = enough(bytesMax, rate);
    if (rate == 0 || available < enough) {
      return 0;
    }
    int granted = (int) enough;
    available -= granted;
    return granted;
  }

  private double enough(int bytesMax, long rate) {
    return Math.min(bytesMax, Math.max(bytesIn(REFILL_NANOS, rate), grantMin));
  }

  /**
   * Adds what flowed in since the last time.
   *
   * @param creditNanos how long that may have been; what is there already stays
   */
  private void refill(long rate, long creditNanos) {
    long now = time.nanos();
    double limit = Math.max(grantMin, bytesIn(creditNanos, rate));
    double more = available + bytesIn(now - refilledNanos, rate);
    double most = Math.max(grantMin, bytesIn(LATENESS_MAX_NANOS, rate));
    available = rate == 0 ? 0 : Math.min(most, Math.max(available, Math.min(limit, more)));
    refilledNanos = now;
  }

  private static double bytesIn(long nanos, long rate) {
    return rate * (nanos / 1e9);
  }

  /** Never longer than a quantum takes, so that a change of the rate is heeded in time. */
  private long waitNanos(int bytesMax) {
    long rate = bytesPerSecond;
    return rate == 0
        ? REFILL_NANOS
        : (long)
            Math.clamp(
                (enough(bytesMax, rate) - available) / rate * 1e9, SLEEP_MIN_NANOS, REFILL_NANOS);
  }

  /** Lets those in the bucket's own line go first, for a while. */
  private final class Behind implements Pace {
    private final ReentrantLock line = new ReentrantLock(true);

    @Override
    public int take(int bytesMax) throws InterruptedException {
      check(bytesMax);
      if (bytesPerSecond == UNLIMITED) {
        return bytesMax;
      }
      line.lockInterruptibly();
      try {
        return takeInLine(bytesMax);
      } finally {
        line.unlock();
      }
    }

    private int takeInLine(int bytesMax) throws InterruptedException {
      long began = time.nanos();
      long creditNanos = REFILL_NANOS;
      while (time.nanos() - began < PATIENCE_NANOS) {
        long pause;
        turn.lockInterruptibly();
        try {
          int granted = grant(bytesMax, creditNanos);
          if (granted > 0) {
            return granted;
          }
          pause = waitNanos(bytesMax);
        } finally {
          turn.unlock();
        }
        time.sleep(pause);
        creditNanos = LATENESS_MAX_NANOS;
      }
      return TokenBucket.this.take(bytesMax);
    }
  }
}
