package io.driftless.protocol.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C75: the calendar, by the clock on the wall")
final class CalendarTest {
  private static final Limit BASE = new Limit(80);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Window window(String id, String when, long rate) {
    return new Window(
        id,
        HoursText.parse(when),
        Optional.of(new Limit(rate)),
        Optional.empty(),
        Optional.empty());
  }

  private static Calendar calendar(ZoneId zone, Window... windows) {
    return new Calendar(zone, Limits.NONE.withWire(BASE), List.of(windows));
  }

  private static long rate(Calendar calendar, Instant moment) {
    return calendar.at(moment).limits().wire().perSecond();
  }

  private static Instant berlin(String local) {
    return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-30T07:59:59.999, 80", // a Monday
    "2026-11-30T08:00, 20",
    "2026-11-30T17:59:59.999, 20",
    "2026-11-30T18:00, 80",
    "2026-12-05T12:00, 80", // a Saturday
  })
  void business_hours(String local, long expected) {
    var calendar = calendar(BERLIN, window("w1", "mon-fri 08:00-18:00", 20));
    assertThat(rate(calendar, berlin(local))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-04T21:59, 80", // a Friday
    "2026-12-04T22:00, 0",
    "2026-12-05T05:59, 0",
    "2026-12-05T06:00, 80",
    "2026-12-05T23:00, 80", // no night of Saturday
    "2026-12-06T03:00, 80",
    "2026-12-07T03:00, 80", // nor of Sunday
  })
  void a_window_across_midnight_belongs_to_the_day_on_which_it_begins(String local, long expected) {
    var calendar = calendar(BERLIN, window("night", "mon-fri 22:00-06:00", 0));
    assertThat(rate(calendar, berlin(local))).isEqualTo(expected);
  }

  @Test
  void the_most_specific_days_count_then_the_lowest_limit() {
    var calendar =
        calendar(
            BERLIN,
            window("week", "daily", 50),
            window("work", "mon-fri 08:00-18:00", 60),
            window("also", "mon-fri 09:00-10:00", 55),
            window("feast", "2026-12-24..2026-12-26", Long.MAX_VALUE),
            window("eve", "2026-12-24 18:00-24:00", 5));
    assertThat(calendar.at(berlin("2026-12-06T12:00")).window()).contains("week");
    assertThat(calendar.at(berlin("2026-12-07T08:30")).window()).contains("work");
    assertThat(calendar.at(berlin("2026-12-07T09:30")).window()).contains("also");
    assertThat(calendar.at(berlin("2026-12-24T17:59")).window()).contains("feast");
    assertThat(calendar.at(berlin("2026-12-24T18:00")).window()).contains("eve");
    assertThat(calendar.at(berlin("2026-12-26T23:59")).limits().wire().isUnlimited()).isTrue();
    assertThat(calendar.at(berlin("2026-12-27T00:00")).window()).contains("week");
  }

  @Test
  void each_kind_of_limit_is_judged_by_itself() {
    var disk =
        new Window(
            "disk",
            HoursText.parse("mon"),
            Optional.empty(),
            Optional.of(new Limit(7)),
            Optional.of(new Limit(9)));
    var ruling = calendar(BERLIN, window("wire", "daily", 20), disk).at(berlin("2026-11-30T12:00"));
    assertThat(ruling.limits()).isEqualTo(new Limits(new Limit(20), new Limit(7), new Limit(9)));
    assertThat(ruling.window()).contains("wire");
  }

  @ParameterizedTest
  @CsvSource({
    // Clocks went from 02:00 to 03:00, and from 03:00 to 02:00.
    "2026-03-29, 02:30-04:00, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
    "2026-03-29, 01:00-02:30, 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z",
    "2026-03-29, 01:00-05:00, 2026-03-29T00:00:00Z, 2026-03-29T03:00:00Z",
    "2026-10-25, 02:30-04:00, 2026-10-25T00:30:00Z, 2026-10-25T03:00:00Z",
    "2026-10-25, 01:00-02:30, 2026-10-24T23:00:00Z, 2026-10-25T01:30:00Z",
    "2026-10-24, 23:00-03:00, 2026-10-24T21:00:00Z, 2026-10-25T02:00:00Z",
  })
  void when_clocks_are_put_forward_and_back(String date, String hours, Instant from, Instant to) {
    var calendar = calendar(BERLIN, window("w", date + " " + hours, 20));
    assertThat(calendar.nextChange(from.minusSeconds(86_400))).contains(from);
    assertThat(rate(calendar, from)).isEqualTo(20);
    assertThat(calendar.nextChange(from)).contains(to);
    assertThat(rate(calendar, to.minusMillis(1))).isEqualTo(20);
    assertThat(rate(calendar, to)).isEqualTo(80);
  }

  @Test
  void a_midnight_that_does_not_exist_is_the_moment_at_which_it_is_left_out() {
    // Santiago went from 24:00 on the fifth to 01:00 on the sixth.
    ZoneId santiago = ZoneId.of("America/Santiago");
    var calendar = calendar(santiago, window("w", "2026-09-06", 20));
    Instant begin = Instant.parse("2026-09-06T04:00:00Z");
    assertThat(rate(calendar, begin.minusMillis(1))).isEqualTo(80);
    assertThat(rate(calendar, begin)).isEqualTo(20);
    assertThat(calendar.nextChange(begin)).contains(begin.plus(Duration.ofHours(23)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Santiago",
        "Australia/Lord_Howe", // half an hour
        "Asia/Kathmandu",
        "Asia/Tehran",
        "Africa/Casablanca", // back and forth for a month
        "Pacific/Apia",
        "Pacific/Chatham",
        "Antarctica/Troll", // two hours
        "America/Sao_Paulo"
      })
  void through_whole_years_it_agrees_with_the_clock_on_the_wall(String name) {
    ZoneId zone = ZoneId.of(name);
    var calendar =
        calendar(
            zone, window("day", "mon-fri 08:00-18:00", 20), window("night", "sat 22:00-06:00", 5));
    Instant end = Instant.parse("2028-01-01T00:00:00Z");
    Instant moment = Instant.parse("2026-01-01T00:00:00Z");
    int changes = 0;
    while (moment.isBefore(end)) {
      Instant next = calendar.nextChange(moment).orElseThrow();
      assertThat(next).isAfter(moment).isBefore(moment.plus(Duration.ofDays(4)));
      long now = rate(calendar, moment);
      assertThat(rate(calendar, next.minusMillis(1))).isEqualTo(now);
      assertThat(rate(calendar, next)).as("at %s", next).isNotEqualTo(now);
      assertThat(rate(calendar, next)).as("at %s", next).isEqualTo(onTheWall(next, zone));
      moment = next;
      changes++;
    }
    assertThat(changes).isGreaterThan(2 * (2 * 261 + 2 * 52) - 5);
  }

  private static long onTheWall(Instant moment, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(moment, zone);
    LocalTime time = local.toLocalTime();
    int day = local.getDayOfWeek().getValue();
    boolean isWork = day <= 5 && time.getHour() >= 8 && time.getHour() < 18;
    boolean isNight = day == 6 && time.getHour() >= 22 || day == 7 && time.getHour() < 6;
    return isWork ? 20 : isNight ? 5 : 80;
  }

  @Test
  void no_change_is_missed_whatever_the_windows_are() {
    for (long seed = 1; seed <= 200; seed++) {
      var random = new SplittableRandom(seed);
      var windows = new Window[random.nextInt(1, 6)];
      for (int i = 0; i < windows.length; i++) {
        windows[i] = window("w" + i, randomHours(random), random.nextInt(1, 4));
      }
      var calendar = calendar(BERLIN, windows);
      Instant moment = Instant.parse("2026-10-01T00:07:00Z");
      Optional<Instant> next = calendar.nextChange(moment);
      for (int step = 0; step < 4 * 24 * 60; step++) {
        moment = moment.plusSeconds(15 * 60);
        if (next.isPresent() && !moment.isBefore(next.get())) {
          next = calendar.nextChange(moment);
        } else {
          assertThat(calendar.at(moment))
              .as("seed %d at %s", seed, moment)
              .isEqualTo(calendar.at(moment.minusSeconds(15 * 60)));
        }
      }
    }
  }

  private static String randomHours(SplittableRandom random) {
    LocalDate first = LocalDate.of(2026, 10, 1).plusDays(random.nextInt(40));
    String days =
        switch (random.nextInt(4)) {
          case 0 -> "daily";
          case 1 -> "sat-mon";
          case 2 -> first.toString();
          default -> first + ".." + first.plusDays(random.nextInt(1, 30));
        };
    int from = random.nextInt(24);
    return random.nextInt(4) == 0
        ? days
        : "%s %02d:00-%02d:30".formatted(days, from, random.nextInt(24));
  }

  @Test
  void without_windows_nothing_ever_changes() {
    var calendar = calendar(BERLIN);
    assertThat(calendar.nextChange(Instant.EPOCH)).isEmpty();
    assertThat(rate(calendar, Instant.EPOCH)).isEqualTo(80);
  }

  @Test
  void dates_far_away_are_seen() {
    var calendar = calendar(BERLIN, window("w", "2027-12-24..2028-02-01", 20));
    Instant begin = berlin("2027-12-24T00:00");
    assertThat(calendar.nextChange(berlin("2026-11-29T12:00"))).contains(begin);
    assertThat(calendar.nextChange(begin)).contains(berlin("2028-02-02T00:00"));
    assertThat(calendar.nextChange(berlin("2028-02-02T00:00"))).isEmpty();
  }
}
