package io.driftless.source.agent;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When something may be done next; at once, unless it was put off. Confined to one thread. */
final class Appointment {
  private final LongSupplier nanoTime;
  private long at;

  Appointment(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.at = nanoTime.getAsLong();
  }

  /** Until then; 0 if it is due. */
  long nanosLeft() {
    return Math.max(0, at - nanoTime.getAsLong());
  }

  boolean isDue() {
    return nanosLeft() == 0;
  }

  void putOff(Duration from) {
    at = nanoTime.getAsLong() + from.toNanos();
  }

  void now() {
    at = nanoTime.getAsLong();
  }
}
