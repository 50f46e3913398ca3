package io.driftless.protocol.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlowTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Flow flow = new Flow();
  private long now;

  private static Limit a(long bytesPerSecond) {
    return new Limit(bytesPerSecond);
  }

  /** Sends slices until a moment, woken late by so much each time. */
  private long send(int slice, long until, long lateNanos) {
    long sent = 0;
    while (now < until) {
      long granted = flow.available(slice, now);
      if (granted == 0) {
        now += flow.nanosUntil(slice, now) + lateNanos;
      } else {
        flow.flowed(granted, now);
        sent += granted;
      }
    }
    return sent;
  }

  @ParameterizedTest
  @CsvSource({
    "125000, 65536, 0",
    "125000, 65536, 15000000",
    "1250000, 65536, 1000000",
    "12500000, 65536, 15000000",
    "125000000, 65536, 1000000",
    "8000, 65536, 0",
    "125000, 100, 0"
  })
  @DisplayName("C73: each second has what the limit says, whatever the slices")
  void each_second_has_its_share(long rate, int slice, long late) {
    flow.limitTo(a(rate), now);
    long quantum = flow.quantum();
    for (int second = 1; second <= 10; second++) {
      long sent = send(slice, second * SECOND, late);
      assertThat((double) sent).isCloseTo(rate, within(0.02 * rate + 2 * quantum));
    }
    assertThat((double) send(slice, 110 * SECOND, late) / 100).isCloseTo(rate, within(0.02 * rate));
  }

  @Test
  @DisplayName("C76: 0 pauses, and lifting lets everything through")
  void nothing_and_everything() {
    flow.limitTo(Limit.NOTHING, now);
    now += 100 * SECOND;
    assertThat(flow.available(1, now)).isZero();
    assertThat(flow.nanosUntil(1, now)).isEqualTo(Long.MAX_VALUE);
    flow.limitTo(Limit.UNLIMITED, now);
    assertThat(flow.available(1 << 30, now)).isEqualTo(1 << 30);
    assertThat(flow.nanosUntil(1, now)).isZero();
  }

  @Test
  void what_is_not_used_does_not_gather() {
    flow.limitTo(a(1_000_000), now);
    now += 3600 * SECOND;
    assertThat(flow.available(1 << 20, now)).isLessThanOrEqualTo(20_000);
  }

  @Test
  @DisplayName("C74: a change of the limit leaves no debt and no burst")
  void a_change_starts_afresh() {
    flow.limitTo(a(1_000_000), now);
    flow.flowed(50_000_000, now);
    assertThat(flow.nanosUntil(1, now)).isLessThan(SECOND / 2); // a debt has its limit, too
    flow.limitTo(a(2_000_000), now);
    assertThat(flow.nanosUntil(1 << 20, now)).isEqualTo(20_000_000);
    now += SECOND;
    flow.limitTo(a(1_000), now);
    assertThat(flow.available(1 << 20, now)).isZero();
  }

  @Test
  void what_went_without_asking_leaves_less() {
    flow.limitTo(a(100_000), now);
    long asked = 0;
    long unasked = 0;
    for (int tick = 0; tick < 1000; tick++) {
      flow.flowed(300, now);
      unasked += 300;
      asked += send(65_536, now + SECOND / 100, 0);
    }
    assertThat(asked).isPositive();
    assertThat((asked + unasked) / (now / 1e9)).isCloseTo(100_000, within(500.0));
  }

  @Test
  void what_was_taken_and_not_used_comes_back() {
    flow.limitTo(a(1_000_000), now);
    now += SECOND;
    flow.flowed(20_000, now);
    assertThat(flow.available(1400, now)).isZero();
    flow.flowed(-5_000, now);
    assertThat(flow.available(5_000, now)).isEqualTo(5_000);
  }
}
