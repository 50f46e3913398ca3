package io.driftless.protocol.pace;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/**
 * From one time of the day to another, on certain days; past midnight where the end is not after
 * the beginning. Goes by the clock on the wall: where that is put back meanwhile, from the first
 * time that it shows the beginning until the last time that it shows the end; a time that is left
 * out is the moment at which it is left out.
 *
 * @param fromMinute of the day, in 0..1439
 * @param toMinute of the day, in 1..1440, or of the next one if it is not after {@code fromMinute}
 */
public record Hours(Days days, int fromMinute, int toMinute) {
  public static final int DAY_MINUTES = 24 * 60;

  /** Hours that are not empty. */
  public Hours {
    if (fromMinute < 0 || fromMinute >= DAY_MINUTES || toMinute < 0 || toMinute > DAY_MINUTES) {
      throw new IllegalArgumentException("from minute %d to %d".formatted(fromMinute, toMinute));
    }
    if (fromMinute == toMinute) {
      throw new IllegalArgumentException("begins and ends at the same time");
    }
  }

  public static Hours wholeDays(Days days) {
    return new Hours(days, 0, DAY_MINUTES);
  }

  /** One time that they last. */
  record Span(Instant from, Instant to) {
    boolean includes(Instant moment) {
      return !moment.isBefore(from) && moment.isBefore(to);
    }
  }

  /** When they last, if they begin on a day. */
  Span on(LocalDate date, ZoneId zone) {
    LocalDate last = toMinute <= fromMinute ? date.plusDays(1) : date;
    Instant from = moment(at(date, fromMinute), zone, true);
    return new Span(from, moment(at(last, toMinute), zone, false));
  }

  private static LocalDateTime at(LocalDate date, int minute) {
    return minute == DAY_MINUTES
        ? date.plusDays(1).atStartOfDay()
        : date.atTime(LocalTime.of(minute / 60, minute % 60));
  }

  private static Instant moment(LocalDateTime local, ZoneId zone, boolean isFirst) {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.isEmpty()) {
      ZoneOffsetTransition gap = zone.getRules().getTransition(local);
      return gap.getInstant();
    }
    return local.toInstant(isFirst ? offsets.getFirst() : offsets.getLast());
  }
}
