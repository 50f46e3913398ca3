package io.driftless.protocol.pace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an agent may use, why, and until when.
 *
 * @param limits that hold now, less what is yielded
 * @param cause of the limit of the wire
 * @param reason id of the window, or the pressure; empty for the others
 * @param until when the limit of the wire changes by itself; empty if it never does
 * @param next the limit of the wire from then on
 * @param bitsPerSecond that went over the wire lately, both ways; empty if that is not known yet
 * @param calendar that holds where nothing is set by hand
 * @param notices what the administrator should know
 */
public record ThrottleStatus(
    Limits limits,
    Cause cause,
    String reason,
    Optional<Instant> until,
    Optional<Limit> next,
    OptionalLong bitsPerSecond,
    Calendar calendar,
    List<String> notices) {
  /** Where a limit comes from. */
  public enum Cause {
    BASE,
    WINDOW,
    OVERRIDE,
    PRESSURE
  }
}
