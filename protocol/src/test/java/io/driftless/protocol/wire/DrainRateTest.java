package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftless.protocol.wire.DrainRate.Queue;
import org.junit.jupiter.api.Test;

final class DrainRateTest {
  private static final long MILLI = 1_000_000;

  private final DrainRate rate = new DrainRate();
  private long now;

  @Test
  void it_is_never_full_so_any_speed_is_possible() {
    run(3000, 0, 5_000_000);
    assertThat(rate.bytesPerSecond(now)).isInfinite();
  }

  @Test
  void it_is_always_full_so_what_is_sent_is_what_the_wire_takes() {
    run(3000, 10, 50_000);
    assertThat(rate.bytesPerSecond(now)).isCloseTo(5_000_000, within(500_000.0));
  }

  @Test
  void it_is_full_half_of_the_time_so_what_is_sent_is_what_the_wire_takes() {
    run(3000, 5, 50_000);
    assertThat(rate.bytesPerSecond(now)).isCloseTo(5_000_000, within(500_000.0));
  }

  @Test
  void it_is_full_now_and_then_so_the_wire_may_be_faster() {
    run(3000, 10, 50_000);
    run(3000, 2, 50_000);
    assertThat(rate.bytesPerSecond(now)).isCloseTo(12_500_000, within(500_000.0));
  }

  @Test
  void a_wire_that_was_full_a_moment_ago_is_not_taken_to_be_any_faster_at_once() {
    run(3000, 10, 50_000);
    run(500, 0, 50_000);
    assertThat(rate.bytesPerSecond(now)).isBetween(5_000_000.0, 25_000_000.0);
  }

  @Test
  void a_wire_that_takes_more_than_it_did_is_soon_as_fast_as_that() {
    run(3000, 10, 50_000);
    run(1500, 0, 2_000_000);
    assertThat(rate.bytesPerSecond(now)).isGreaterThan(200_000_000);
  }

  @Test
  void an_old_jam_is_forgotten() {
    run(3000, 10, 50_000);
    run(6000, 0, 600_000);
    assertThat(rate.bytesPerSecond(now)).isGreaterThan(400_000_000);
  }

  @Test
  void of_a_wire_that_nothing_has_gone_through_little_is_believed() {
    assertThat(rate.bytesPerSecond(now)).isEqualTo(DrainRate.FIRST);
    run(3000, 0, 1000);
    assertThat(rate.bytesPerSecond(now)).isEqualTo(DrainRate.FIRST);
  }

  @Test
  void a_wire_that_took_nothing_at_first_is_found_to_take_more() {
    rate.becomes(Queue.FULL, now);
    now += 150 * MILLI;
    rate.bytesPerSecond(now);
    rate.becomes(Queue.EMPTY, now);
    run(30_000, 0, 500_000);
    assertThat(rate.bytesPerSecond(now)).isGreaterThan(50_000_000);
  }

  @Test
  void a_pause_teaches_nothing() {
    run(3000, 10, 50_000);
    now += 60_000 * MILLI;
    assertThat(rate.bytesPerSecond(now)).isCloseTo(5_000_000, within(1_500_000.0));
  }

  @Test
  void a_wire_that_became_faster_during_a_pause_is_soon_known_to_be() {
    run(3000, 10, 50_000);
    now += 60_000 * MILLI;
    run(1500, 0, 500_000);
    assertThat(rate.bytesPerSecond(now)).isGreaterThan(50_000_000);
  }

  /** Steps of 10 ms, full in so many of their milliseconds, sending so many bytes in each. */
  private void run(int millis, int fullMillis, int bytes) {
    for (int elapsed = 0; elapsed < millis; elapsed += 10) {
      if (fullMillis > 0) {
        rate.becomes(Queue.FULL, now);
        now += fullMillis * MILLI;
      }
      rate.becomes(fullMillis > 0 ? Queue.FILLED : Queue.EMPTY, now);
      now += (10 - fullMillis) * MILLI;
      rate.sent(bytes, now);
    }
    rate.becomes(Queue.EMPTY, now);
  }
}
