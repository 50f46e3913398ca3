package io.driftless.source.scan;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets looking through a volume take a share of the time. Confined to one thread at a time. */
public final class SearchPace {
  private static final int REST_FACTOR = 4;

  private final LongSupplier nanoTime;
  private long next;

  public SearchPace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.next = nanoTime.getAsLong();
  }

  /** How long it is to wait; zero if it may begin. */
  public Duration rest() {
    return Duration.ofNanos(Math.max(0, next - nanoTime.getAsLong()));
  }

  /** Something that takes its time. */
  @FunctionalInterface
  interface Search {
    void run() throws InterruptedException;
  }

  void timed(Search search) throws InterruptedException {
    long began = nanoTime.getAsLong();
    search.run();
    long now = nanoTime.getAsLong();
    next = now + REST_FACTOR * (now - began);
  }
}
