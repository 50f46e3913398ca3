package io.driftless.protocol.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until somebody moves it. Confined to one thread. */
final class SettableClock implements InstantSource {
  private Instant now;
  private int askedCount;

  SettableClock(Instant now) {
    this.now = now;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  /** How often somebody has looked at it. */
  int askedCount() {
    return askedCount;
  }

  @Override
  public Instant instant() {
    askedCount++;
    return now;
  }
}
