package io.driftless.protocol.pace;

import java.time.Instant;
import java.util.Optional;

/**
 * A limit that somebody has set for now, over all calendars.
 *
 * @param wire bits a second
 * @param until empty until it is cleared
 */
public record ManualLimit(Limit wire, Optional<Instant> until) {
  boolean holds(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }
}
