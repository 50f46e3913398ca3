package io.driftless.protocol.pace;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which limits hold when. Where windows overlap, the one with the most specific days counts: dates
 * before days of the week, fewer days before more; among equals the lowest limit. Each kind of
 * limit is judged by itself. Immutable.
 *
 * @param zone whose clock the windows go by
 * @param base what holds outside of all windows
 */
public record Calendar(ZoneId zone, Limits base, List<Window> windows) {
  /** A week, and a day to spare. */
  private static final int DAYS_AHEAD = 8;

  public Calendar {
    windows = List.copyOf(windows);
  }

  /** Without any limit. */
  public static Calendar open(ZoneId zone) {
    return new Calendar(zone, Limits.NONE, List.of());
  }

  /**
   * What holds at a moment.
   *
   * @param window which of them sets the limit of the wire; empty if the base does
   */
  public record Ruling(Limits limits, Optional<String> window) {}

  public Ruling at(Instant moment) {
    List<Window> open = windows.stream().filter(window -> window.includes(moment, zone)).toList();
    if (open.isEmpty()) {
      return new Ruling(base, Optional.empty());
    }
    Optional<Window> wire = deciding(open, Window::wire);
    return new Ruling(
        new Limits(
            wire.flatMap(Window::wire).orElse(base.wire()),
            deciding(open, Window::disk).flatMap(Window::disk).orElse(base.disk()),
            deciding(open, Window::walk).flatMap(Window::walk).orElse(base.walk())),
        wire.map(Window::id));
  }

  private static Optional<Window> deciding(
      List<Window> open, Function<Window, Optional<Limit>> kind) {
    return open.stream()
        .filter(window -> kind.apply(window).isPresent())
        .min(
            Comparator.<Window>comparingLong(window -> window.hours().days().breadth())
                .thenComparing(window -> kind.apply(window).orElse(Limit.UNLIMITED))
                .thenComparing(Window::id));
  }

  /** The first moment after another at which something else holds; empty if that never comes. */
  public Optional<Instant> nextChange(Instant after) {
    Ruling now = at(after);
    return boundaries(after).stream().filter(moment -> !at(moment).equals(now)).findFirst();
  }

  /** Moments after another at which a window opens or closes, so many that no change is missed. */
  private SortedSet<Instant> boundaries(Instant after) {
    var moments = new TreeSet<Instant>();
    for (LocalDate day : daysWorthALook(after.atZone(zone).toLocalDate())) {
      windows.forEach(window -> add(moments, window, day));
    }
    return moments.tailSet(after.plusNanos(1));
  }

  /**
   * Days of the week repeat, so that what doesn't change within a week changes only around the
   * first and the last day of some dates.
   */
  private SortedSet<LocalDate> daysWorthALook(LocalDate today) {
    var days = new TreeSet<LocalDate>();
    addDaysFrom(today, days);
    for (Window window : windows) {
      if (window.hours().days() instanceof Days.Dates(LocalDate first, LocalDate last)) {
        addDaysFrom(first, days);
        addDaysFrom(last, days);
      }
    }
    return days.tailSet(today.minusDays(1));
  }

  private static void addDaysFrom(LocalDate first, TreeSet<LocalDate> days) {
    for (int day = -1; day < DAYS_AHEAD; day++) {
      days.add(first.plusDays(day));
    }
  }

  private void add(Set<Instant> moments, Window window, LocalDate day) {
    if (window.hours().days().include(day)) {
      Hours.Span span = window.hours().on(day, zone);
      moments.add(span.from());
      moments.add(span.to());
    }
  }
}
