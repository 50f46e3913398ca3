package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RoomGateTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private static Duration pause(Duration blocked, Duration interval) {
    return Duration.ofNanos(RoomGate.pauseNanos(blocked.toNanos(), interval.toNanos()));
  }

  @Test
  void who_makes_room_at_once_waits_a_second_and_later_no_longer_than_the_interval() {
    assertThat(pause(Duration.ZERO, INTERVAL)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pause(Duration.ofMillis(2500), INTERVAL)).isEqualTo(Duration.ofMillis(2500));
    assertThat(pause(Duration.ofHours(3), INTERVAL)).isEqualTo(INTERVAL);
  }

  @Test
  void a_short_interval_is_kept() {
    var interval = Duration.ofMillis(50);
    assertThat(pause(Duration.ZERO, interval)).isEqualTo(interval);
    assertThat(pause(Duration.ofSeconds(3), interval)).isEqualTo(interval);
  }
}
