package io.driftless.perf.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** In simulated time: 8 Mbit/s, so that a byte takes 1000 ns, and a queue of 10 000 bytes. */
final class LinkClockTest {
  private static final long BEGIN = -5_000_000; // what a clock says may be negative
  private static final long DELAY = 5_000_000;
  private final LinkClock clock = new LinkClock(new LinkSpeed(Duration.ofMillis(10), 8_000_000));

  @Test
  void bytes_arrive_after_their_time_on_the_wire_and_the_delay() {
    assertThat(clock.send(BEGIN, 1500)).isEqualTo(BEGIN + 1_500_000 + DELAY);
  }

  @Test
  void what_is_sent_at_once_goes_one_after_the_other() {
    clock.send(BEGIN, 1500);

    assertThat(clock.send(BEGIN, 500)).isEqualTo(BEGIN + 2_000_000 + DELAY);
  }

  @Test
  void idle_time_is_not_made_up_for() {
    clock.send(BEGIN, 1500);
    long later = BEGIN + 100_000_000;

    assertThat(clock.send(later, 500)).isEqualTo(later + 500_000 + DELAY);
  }

  @Test
  void the_queue_holds_a_round_trips_worth() {
    clock.send(BEGIN, 9000);

    assertThat(clock.nanosUntilRoom(BEGIN, 1000)).isZero();
    assertThat(clock.nanosUntilRoom(BEGIN, 1500)).isEqualTo(500_000);
  }

  @Test
  void waiting_as_long_as_told_makes_room() {
    clock.send(BEGIN, 9000);
    long pause = clock.nanosUntilRoom(BEGIN, 4000);

    assertThat(clock.nanosUntilRoom(BEGIN + pause, 4000)).isZero();
  }

  @Test
  void an_empty_queue_takes_more_than_it_holds() {
    assertThat(clock.nanosUntilRoom(BEGIN, 50_000)).isZero();
    clock.send(BEGIN, 1000);

    assertThat(clock.nanosUntilRoom(BEGIN, 50_000)).isEqualTo(1_000_000);
  }
}
