package io.driftless.protocol.pace;

import java.util.function.LongConsumer;

/** Time that passes only while somebody sleeps. Thread-safe. */
public final class SimulatedTime implements Time {
  private long nanos;
  private long lateNanos;
  private LongConsumer whileAsleep = _ -> {};

  /** Has every sleeper wake up so much later than asked for. */
  public synchronized void wakeLate(long by) {
    lateNanos = by;
  }

  /** Has something done during every sleep. */
  public synchronized void whileAsleep(LongConsumer what) {
    whileAsleep = what;
  }

  public synchronized void pass(long more) {
    nanos += more;
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public void sleep(long length) throws InterruptedException {
    LongConsumer what;
    synchronized (this) {
      nanos += length + lateNanos;
      what = whileAsleep;
    }
    what.accept(length);
    if (Thread.interrupted()) {
      throw new InterruptedException("asleep");
    }
  }
}
