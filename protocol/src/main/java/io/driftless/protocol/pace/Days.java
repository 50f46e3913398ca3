package io.driftless.protocol.pace;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** The days on which something begins. */
public sealed interface Days {
  boolean include(LocalDate date);

  /** Days by name, week after week. */
  record OfWeek(Set<DayOfWeek> days) implements Days {
    public OfWeek {
      if (days.isEmpty()) {
        throw new IllegalArgumentException("no day of the week");
      }
      days = Set.copyOf(days);
    }

    @Override
    public boolean include(LocalDate date) {
      return days.contains(date.getDayOfWeek());
    }
  }

  /** From one date to another, both included. */
  record Dates(LocalDate first, LocalDate last) implements Days {
    public Dates {
      if (last.isBefore(first)) {
        throw new IllegalArgumentException("%s is before %s".formatted(last, first));
      }
    }

    @Override
    public boolean include(LocalDate date) {
      return !date.isBefore(first) && !date.isAfter(last);
    }
  }

  /**
   * How many days it takes in: fewer are more specific. Dates are always more specific than days of
   * the week.
   */
  default long breadth() {
    return switch (this) {
      case Dates(LocalDate first, LocalDate last) -> ChronoUnit.DAYS.between(first, last) + 1;
      case OfWeek(Set<DayOfWeek> days) -> Integer.MAX_VALUE + (long) days.size();
    };
  }
}
