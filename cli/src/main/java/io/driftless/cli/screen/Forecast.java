package io.driftless.cli.screen;

import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.protocol.pace.ThrottleStatus.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When something will be over the wire, by the limits that are known to come. */
final class Forecast {
  /** From here on the limit is what keeps a transfer from being faster. */
  private static final double BOUND = 0.8;

  private static final Duration FARTHEST = Duration.ofDays(30);
  private static final int CHANGES_MAX = 1000;

  private final ThrottleStatus throttle;
  private final Instant now;

  Forecast(ThrottleStatus throttle, Instant now) {
    this.throttle = throttle;
    this.now = now;
  }

  /**
   * How long it takes.
   *
   * @param atThisSpeed what it would take if nothing changed
   * @param bitsPerSecond the speed now
   * @return empty if it takes more than 30 days
   */
  Optional<Duration> of(Duration atThisSpeed, double bitsPerSecond) {
    if (throttle.calendar().windows().isEmpty() && throttle.cause() != Cause.OVERRIDE) {
      return Optional.of(atThisSpeed);
    }
    Limit limit = throttle.limits().wire();
    boolean isBound = bitsPerSecond >= BOUND * limit.perSecond();
    double bits = atThisSpeed.toMillis() / 1000.0 * bitsPerSecond;
    Instant at = now;
    Optional<Instant> change = throttle.until();
    for (int i = 0; i < CHANGES_MAX && at.isBefore(now.plus(FARTHEST)); i++) {
      double speed = speed(limit, isBound, bitsPerSecond);
      double seconds = speed == 0 ? Double.POSITIVE_INFINITY : bits / speed;
      if (change.isEmpty() || seconds <= Duration.between(at, change.get()).toSeconds()) {
        return seconds > FARTHEST.toSeconds()
            ? Optional.empty()
            : Optional.of(Duration.between(now, at).plusSeconds(Math.round(seconds)));
      }
      bits -= speed * Duration.between(at, change.get()).toSeconds();
      at = change.get();
      limit = throttle.calendar().at(at).limits().wire();
      change = throttle.calendar().nextChange(at);
    }
    return Optional.empty();
  }

  /** Without a limit it may be faster than now; how much is not known. */
  private static double speed(Limit limit, boolean isBound, double now) {
    if (limit.isUnlimited()) {
      return now;
    }
    return isBound ? limit.perSecond() : Math.min(limit.perSecond(), now);
  }
}
