package io.driftless.protocol.pace;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many bytes a second through, or whatever is counted, to however many threads, in the
 * order in which they came. Thread-safe; the rate may be changed at any time and holds within 20
 * ms.
 */
public final class TokenBucket {
  /*
   * How it works. What flows in during 20 ms, a quantum, is what one call gets at most, so a reader
   * that asks for more than there is reads less at a time instead of waiting long and then reading
   * much. Nothing is granted before a whole quantum is there (or all that was asked for), so a
   * reader never gets crumbs. While nobody asks, a quantum is all that gathers: no bursts. A thread
   * that sleeps is woken late by up to some milliseconds, and by more where the host is busy; what
   * flowed in meanwhile counts up to LATENESS_MAX, else the rate would never be reached.
   */
  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final long REFILL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LATENESS_MAX_NANOS = 5 * REFILL_NANOS;
  private static final long SLEEP_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Less is not worth a system call, however slow the rate is. */
  private static final int BYTES_MIN = 4096;

  private final Time time;
  private final int grantMin;

  /** Held by the one thread that is next; the others stand in line. */
  private final ReentrantLock turn = new ReentrantLock(true);

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

  /**
   * Waits until some bytes may flow.
   *
   * @param bytesMax how many are wanted, at least 1
   * @return how many may, at least 1; whoever wants more asks again
   */
  public int take(int bytesMax) throws InterruptedException {
    if (bytesMax < 1) {
      throw new IllegalArgumentException("%d bytes wanted".formatted(bytesMax));
    }
    if (bytesPerSecond == UNLIMITED) {
      return bytesMax;
    }
    turn.lockInterruptibly();
    try {
      return takeInTurn(bytesMax);
    } finally {
      turn.unlock();
    }
  }

  private int takeInTurn(int bytesMax) throws InterruptedException {
    long creditNanos = REFILL_NANOS;
    while (true) {
      long rate = bytesPerSecond;
      if (rate == UNLIMITED) {
        return bytesMax;
      }
      refill(rate, creditNanos);
      double quantum = bytesIn(REFILL_NANOS, rate);
      double enough = Math.min(bytesMax, Math.max(quantum, grantMin));
      if (rate > 0 && available >= enough) {
        int granted = (int) enough;
        available -= granted;
        return granted;
      }
      time.sleep(waitNanos(enough - available, rate));
      creditNanos = LATENESS_MAX_NANOS;
    }
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
  private static long waitNanos(double missing, long rate) {
    return rate == 0
        ? REFILL_NANOS
        : (long) Math.clamp(missing / rate * 1e9, SLEEP_MIN_NANOS, REFILL_NANOS);
  }
}
