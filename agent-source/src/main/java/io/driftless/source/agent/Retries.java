package io.driftless.source.agent;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Puts off what has failed: 200 ms at first, twice as long each time, 30 s at most. Confined to one
 * thread.
 */
final class Retries {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration MAX = Duration.ofSeconds(30);

  private final Appointment next;
  private Duration pause = FIRST;

  Retries(LongSupplier nanoTime) {
    this.next = new Appointment(nanoTime);
  }

  boolean isDue() {
    return next.isDue();
  }

  long nanosLeft() {
    return next.nanosLeft();
  }

  void failed() {
    next.putOff(pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(MAX) > 0 ? MAX : doubled;
  }

  /** Nothing has failed, and yet the next attempt is not due before. */
  void putOff(Duration length) {
    next.putOff(length);
  }

  void worked() {
    next.now();
    pause = FIRST;
  }
}
