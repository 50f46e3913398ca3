package io.driftless.protocol.pace;

import io.driftless.protocol.tree.Escaped;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hours as people write them: days, then the time from and to, which may be left out for whole
 * days.
 *
 * <p>{@code mon-fri 08:00-18:00}, {@code sat,sun}, {@code daily 22:00-06:00}, {@code 2026-12-24
 * 12:00-24:00}, {@code 2026-12-24..2027-01-02}.
 */
public final class HoursText {
  private static final String EXAMPLE =
      "write for example mon-fri 08:00-18:00, daily 22:00-06:00 or 2026-12-24..2026-12-26";
  private static final String DAILY = "daily";
  private static final Pattern TIMES =
      Pattern.compile("([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})");
  private static final Pattern DATES =
      Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\\.\\.([0-9]{4}-[0-9]{2}-[0-9]{2}))?");
  private static final int TEXT_MAX = 100;

  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private static final Map<String, String> FULL_NAMES =
      Map.of("weekdays", "mon-fri", "weekend", "sat-sun", "*", "mon-sun", DAILY, "mon-sun");

  private HoursText() {}

  /**
   * Parses hours.
   *
   * @throws IllegalArgumentException if they are none; one line that names the part
   */
  public static Hours parse(String text) {
    String stripped = text.strip().toLowerCase(Locale.ROOT);
    if (stripped.isEmpty() || stripped.length() > TEXT_MAX) {
      throw new IllegalArgumentException("when is it? " + EXAMPLE);
    }
    String[] parts = stripped.split(" +");
    if (parts.length > 2) {
      throw new IllegalArgumentException(
          "%s is more than days and hours; %s".formatted(quoted(parts[2]), EXAMPLE));
    }
    boolean isHoursOnly = parts.length == 1 && parts[0].indexOf(':') >= 0;
    Days days = isHoursOnly ? days(DAILY) : days(parts[0]);
    return parts.length == 1 && !isHoursOnly
        ? Hours.wholeDays(days)
        : hours(days, parts[parts.length - 1]);
  }

  private static Hours hours(Days days, String text) {
    Matcher times = TIMES.matcher(text);
    if (!times.matches()) {
      throw new IllegalArgumentException(
          "%s is no time from and to; write for example 08:00-18:00".formatted(quoted(text)));
    }
    int from = minute(times.group(1), times.group(2));
    int to = minute(times.group(3), times.group(4));
    if (from == Hours.DAY_MINUTES) {
      throw new IllegalArgumentException("nothing begins at 24:00; write 00:00");
    }
    if (from == to) {
      throw new IllegalArgumentException(
          "%s begins and ends at the same time; leave it out for the whole day"
              .formatted(quoted(text)));
    }
    return new Hours(days, from, to);
  }

  private static int minute(String hour, String minute) {
    int h = Integer.parseInt(hour);
    int m = Integer.parseInt(minute);
    boolean isEndOfDay = h == 24 && m == 0;
    if (m > 59 || h > 23 && !isEndOfDay) {
      throw new IllegalArgumentException(
          "%s:%s is no time of the day; they go from 00:00 to 24:00".formatted(hour, minute));
    }
    return h * 60 + m;
  }

  private static Days days(String text) {
    Matcher dates = DATES.matcher(text);
    if (dates.matches()) {
      LocalDate first = date(dates.group(1));
      LocalDate last = dates.group(2) == null ? first : date(dates.group(2));
      if (last.isBefore(first)) {
        throw new IllegalArgumentException("%s ends before it begins".formatted(quoted(text)));
      }
      return new Days.Dates(first, last);
    }
    var named = EnumSet.noneOf(DayOfWeek.class);
    for (String part : text.split(",", -1)) {
      named.addAll(range(FULL_NAMES.getOrDefault(part, part)));
    }
    return new Days.OfWeek(named);
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("there is no %s".formatted(quoted(text)), e);
    }
  }

  /** From one day to another, over the end of the week if need be. */
  private static Set<DayOfWeek> range(String text) {
    String[] ends = text.split("-", -1);
    DayOfWeek first = day(ends[0], text);
    DayOfWeek last = ends.length == 2 ? day(ends[1], text) : first;
    if (ends.length > 2) {
      throw notDays(text);
    }
    var days = EnumSet.of(first, last);
    for (DayOfWeek day = first; day != last; day = day.plus(1)) {
      days.add(day);
    }
    return days;
  }

  private static DayOfWeek day(String name, String within) {
    int index = name.length() < 3 ? -1 : NAMES.indexOf(name.substring(0, 3));
    if (index < 0 || !DayOfWeek.of(index + 1).name().toLowerCase(Locale.ROOT).startsWith(name)) {
      throw notDays(within);
    }
    return DayOfWeek.of(index + 1);
  }

  private static IllegalArgumentException notDays(String text) {
    return new IllegalArgumentException(
        "%s is no day; they are mon tue wed thu fri sat sun, daily, or dates such as 2026-12-24"
            .formatted(quoted(text)));
  }

  private static String quoted(String text) {
    return Escaped.display(text);
  }

  /** Writes hours as {@link #parse} reads them. */
  public static String of(Hours hours) {
    String days =
        switch (hours.days()) {
          case Days.Dates(LocalDate first, LocalDate last) ->
              first.equals(last) ? first.toString() : first + ".." + last;
          case Days.OfWeek(Set<DayOfWeek> named) -> named(named);
        };
    boolean isWhole = hours.fromMinute() == 0 && hours.toMinute() == Hours.DAY_MINUTES;
    return isWhole
        ? days
        : "%s %s-%s".formatted(days, time(hours.fromMinute()), time(hours.toMinute()));
  }

  private static String time(int minute) {
    return "%02d:%02d".formatted(minute / 60, minute % 60);
  }

  private static String named(Set<DayOfWeek> days) {
    if (days.size() == NAMES.size()) {
      return DAILY;
    }
    var parts = new ArrayList<String>();
    for (int day = 1; day <= NAMES.size(); day++) {
      int first = day;
      while (day <= NAMES.size() && days.contains(DayOfWeek.of(day))) {
        day++;
      }
      if (day - first == 2) {
        parts.add(NAMES.get(first - 1));
        parts.add(NAMES.get(day - 2));
      } else if (day > first) {
        parts.add(NAMES.get(first - 1) + (day - first == 1 ? "" : "-" + NAMES.get(day - 2)));
      }
    }
    return String.join(",", parts);
  }
}
