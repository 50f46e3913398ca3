package io.driftless.protocol.pace;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes may flow now, without waiting. Not thread-safe; times are those of one clock, in
 * nanoseconds.
 *
 * <p>What flows in during 20 ms is what gathers while nobody asks: no bursts. Whoever was told to
 * come again is credited what flowed in meanwhile, up to 100 ms, else a rate would never be reached
 * on a busy host. What had to flow without asking is a debt, which a change of the limit cancels.
 */
public final class Flow {
  private static final long QUANTUM_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LATENESS_MAX_NANOS = 5 * QUANTUM_NANOS;
  private static final double DEBT_MAX_SECONDS = 0.25;

  /** Less is not worth a packet, however slow the flow is. */
  private static final int GRANT_MIN = 1400;

  private static final double NANOS_PER_SECOND = 1e9;

  private Limit bytesPerSecond = Limit.UNLIMITED;
  private double available;
  private long filledAt;
  private boolean isAwaited;

  /**
   * Changes the limit. What has gathered, and what is owed, is forgotten.
   *
   * @param limit in bytes a second
   */
  public void limitTo(Limit limit, long now) {
    if (!limit.equals(bytesPerSecond)) {
      bytesPerSecond = limit;
      available = 0;
      filledAt = now;
    }
  }

  public Limit bytesPerSecond() {
    return bytesPerSecond;
  }

  /** How many bytes are granted at once, at the least, to whoever wants more. */
  public long quantum() {
    return bytesPerSecond.isUnlimited()
        ? Long.MAX_VALUE
        : Math.max(GRANT_MIN, (long) bytesIn(QUANTUM_NANOS));
  }

  /**
   * How many of the bytes that are wanted may flow now: a quantum or more, or all of them; else
   * none. They are taken off by {@link #flowed} only.
   */
  public long available(long wanted, long now) {
    if (bytesPerSecond.isUnlimited()) {
      return wanted;
    }
    fill(now);
    long enough = Math.min(wanted, quantum());
    isAwaited = bytesPerSecond.perSecond() == 0 || available < enough;
    return isAwaited ? 0 : Math.min(wanted, (long) available);
  }

  /** Nanoseconds until {@link #available} may say so; MAX_VALUE if not before a change. */
  public long nanosUntil(long wanted, long now) {
    if (bytesPerSecond.isUnlimited()) {
      return 0;
    }
    if (bytesPerSecond.perSecond() == 0) {
      return Long.MAX_VALUE;
    }
    fill(now);
    double missing = Math.min(wanted, quantum()) - available;
    return (long) Math.max(0, Math.ceil(missing / bytesPerSecond.perSecond() * NANOS_PER_SECOND));
  }

  /** So many bytes flow, whether there were any or not; fewer than none are given back. */
  public void flowed(long bytes, long now) {
    if (!bytesPerSecond.isUnlimited()) {
      fill(now);
      double owedAtMost = bytesPerSecond.perSecond() * DEBT_MAX_SECONDS;
      available = Math.max(-owedAtMost, available - bytes);
    }
  }

  private void fill(long now) {
    double most = Math.max(GRANT_MIN, bytesIn(isAwaited ? LATENESS_MAX_NANOS : QUANTUM_NANOS));
    double more = available + bytesIn(now - filledAt);
    available = Math.max(available, Math.min(most, more));
    filledAt = now;
  }

  private double bytesIn(long nanos) {
    return bytesPerSecond.perSecond() * (nanos / NANOS_PER_SECOND);
  }
}
