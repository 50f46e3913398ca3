package io.driftless.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.pace.Calendar;
import io.driftless.protocol.pace.Gauge;
import io.driftless.protocol.pace.HoursText;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.pace.Limits;
import io.driftless.protocol.pace.ManualLimit;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.pace.ThrottleStatus;
import io.driftless.protocol.pace.Window;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ForecastTest {
  private static final Instant NOW = Instant.parse("2026-11-30T17:00:00Z"); // a Monday

  private static ThrottleStatus status(String when, long rate, long base, Optional<ManualLimit> set)
      throws IOException {
    try (var throttle =
        new Throttle(
            () -> NOW, () -> 0, OptionalLong::empty, _ -> {}, Throttle.Keeper.NONE, Gauge.NONE)) {
      throttle.follow(
          new Calendar(
              ZoneOffset.UTC,
              Limits.NONE.withWire(new Limit(base)),
              List.of(
                  new Window(
                      "w",
                      HoursText.parse(when),
                      Optional.of(new Limit(rate)),
                      Optional.empty(),
                      Optional.empty()))),
          Gauge.Thresholds.NONE);
      throttle.set(set);
      return throttle.status();
    }
  }

  private static Optional<Duration> forecast(ThrottleStatus status, Duration left, double speed) {
    return new Forecast(status, NOW).of(left, speed);
  }

  @Test
  void after_business_hours_it_goes_faster() throws IOException {
    var status = status("mon-fri 08:00-18:00", 20, 80, Optional.empty());
    // An hour at 20, then the other four at 80.
    assertThat(forecast(status, Duration.ofHours(5), 20)).contains(Duration.ofHours(2));
    assertThat(forecast(status, Duration.ofMinutes(30), 20)).contains(Duration.ofMinutes(30));
  }

  @Test
  void what_the_limit_does_not_hold_back_does_not_get_faster() throws IOException {
    var status = status("mon-fri 08:00-18:00", 20, 80, Optional.empty());
    assertThat(forecast(status, Duration.ofHours(5), 5)).contains(Duration.ofHours(5));
  }

  @Test
  void a_pause_that_comes_is_counted() throws IOException {
    var status = status("daily 18:00-20:00", 0, 80, Optional.empty());
    assertThat(forecast(status, Duration.ofHours(2), 80)).contains(Duration.ofHours(4));
  }

  @Test
  void what_is_set_by_hand_ends() throws IOException {
    var hand = new ManualLimit(new Limit(8), Optional.of(NOW.plus(Duration.ofHours(2))));
    var status = status("sun", 1, 80, Optional.of(hand));
    assertThat(forecast(status, Duration.ofHours(12), 8)).contains(Duration.ofHours(3));
  }

  @Test
  void what_never_ends_has_no_end() throws IOException {
    var status = status("daily", 0, 0, Optional.empty());
    assertThat(forecast(status, Duration.ofHours(1), 1)).isEmpty();
  }
}
