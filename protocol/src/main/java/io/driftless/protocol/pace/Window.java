package io.driftless.protocol.pace;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Other limits than the base, at certain hours; what it does not name stays as it is.
 *
 * @param id by which people call it
 */
public record Window(
    String id, Hours hours, Optional<Limit> wire, Optional<Limit> disk, Optional<Limit> walk) {
  boolean includes(Instant moment, ZoneId zone) {
    LocalDate today = moment.atZone(zone).toLocalDate();
    return isOpen(today.minusDays(1), moment, zone) || isOpen(today, moment, zone);
  }

  private boolean isOpen(LocalDate begun, Instant moment, ZoneId zone) {
    return hours.days().include(begun) && hours.on(begun, zone).includes(moment);
  }
}
