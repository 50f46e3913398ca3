package io.driftless.protocol.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.pace.ThrottleStatus.Cause;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ThrottleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Limit BASE = new Limit(80_000_000);
  private static final Limit WORK = new Limit(20_000_000);

  /** A Monday, 07:59:59 in Berlin. */
  private Instant now = Instant.parse("2026-11-30T06:59:59Z");

  private long nanos;
  private OptionalLong speed = OptionalLong.empty();
  private OptionalLong stalled = OptionalLong.of(0);
  private Optional<ManualLimit> kept = Optional.empty();
  private boolean isFull;
  private final List<Limits> applied = new ArrayList<>();
  private Throttle throttle = throttle();

  private Throttle throttle() {
    var fresh =
        new Throttle(
            () -> now,
            () -> nanos,
            () -> speed,
            applied::add,
            new Throttle.Keeper() {
              @Override
              public Optional<ManualLimit> read() {
                return kept;
              }

              @Override
              public void write(Optional<ManualLimit> limit) throws IOException {
                if (isFull) {
                  throw new IOException("no space left");
                }
                kept = limit;
              }
            },
            new Gauge() {
              @Override
              public OptionalLong ioMicros() {
                return stalled;
              }

              @Override
              public OptionalLong cpuMicros() {
                return OptionalLong.empty();
              }
            });
    fresh.follow(
        new Calendar(
            BERLIN,
            Limits.NONE.withWire(BASE),
            List.of(
                new Window(
                    "w1",
                    HoursText.parse("mon-fri 08:00-18:00"),
                    Optional.of(WORK),
                    Optional.of(new Limit(10 << 20)),
                    Optional.empty()))),
        Gauge.Thresholds.NONE);
    return fresh;
  }

  private void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
    throttle.look();
  }

  private Limit wire() {
    return applied.getLast().wire();
  }

  @Test
  @DisplayName("C75: a window holds from its first second on")
  void windows_open_and_close_by_themselves() {
    assertThat(wire()).isEqualTo(BASE);
    ThrottleStatus before = throttle.status();
    assertThat(before.cause()).isEqualTo(Cause.BASE);
    assertThat(before.until()).contains(Instant.parse("2026-11-30T07:00:00Z"));
    assertThat(before.next()).contains(WORK);
    pass(Duration.ofSeconds(1));
    assertThat(wire()).isEqualTo(WORK);
    assertThat(applied.getLast().disk()).isEqualTo(new Limit(10 << 20));
    assertThat(throttle.status().cause()).isEqualTo(Cause.WINDOW);
    assertThat(throttle.status().reason()).isEqualTo("w1");
    pass(Duration.ofHours(10));
    assertThat(wire()).isEqualTo(BASE);
  }

  @Test
  void what_is_set_by_hand_goes_before_the_calendar_and_outlives_a_restart() throws Exception {
    Instant end = now.plus(Duration.ofHours(2));
    throttle.set(Optional.of(new ManualLimit(Limit.NOTHING, Optional.of(end))));
    assertThat(wire()).isEqualTo(Limit.NOTHING);
    assertThat(throttle.isStopped()).isTrue();
    throttle = throttle();
    assertThat(wire()).isEqualTo(Limit.NOTHING);
    ThrottleStatus status = throttle.status();
    assertThat(status.cause()).isEqualTo(Cause.OVERRIDE);
    assertThat(status.until()).contains(end);
    assertThat(status.next()).contains(WORK);
    assertThat(status.notices()).isEmpty();
    pass(Duration.ofHours(2));
    assertThat(wire()).isEqualTo(WORK);
    assertThat(throttle.status().cause()).isEqualTo(Cause.WINDOW);
  }

  @Test
  void a_limit_without_an_end_is_pointed_out_until_it_is_cleared() throws Exception {
    throttle.set(Optional.of(new ManualLimit(Limit.UNLIMITED, Optional.empty())));
    assertThat(throttle.status().notices()).singleElement().asString().contains("without an end");
    throttle.set(Optional.empty());
    assertThat(throttle.status().notices()).isEmpty();
    assertThat(wire()).isEqualTo(BASE);
  }

  @Test
  void what_can_not_be_kept_is_not_set() {
    isFull = true;
    var limit = Optional.of(new ManualLimit(Limit.NOTHING, Optional.<Instant>empty()));
    assertThatThrownBy(() -> throttle.set(limit)).isInstanceOf(IOException.class);
    assertThat(wire()).isEqualTo(BASE);
  }

  @Test
  void a_clock_that_is_set_counts_with_the_next_look() {
    now = Instant.parse("2026-11-30T12:00:00Z");
    throttle.look();
    assertThat(wire()).isEqualTo(WORK);
    now = Instant.parse("2026-11-30T05:00:00Z");
    throttle.look();
    assertThat(wire()).isEqualTo(BASE);
  }

  @Test
  void what_went_over_the_wire_is_told() {
    assertThat(throttle.status().bitsPerSecond()).isEmpty();
    speed = OptionalLong.of(4_000_000);
    assertThat(throttle.status().bitsPerSecond()).hasValue(4_000_000);
    speed = OptionalLong.of(0); // connections ended
    assertThat(throttle.status().bitsPerSecond()).hasValue(0);
  }

  @Test
  void it_wakes_only_where_limits_may_change_by_themselves() throws Exception {
    var looks = new AtomicInteger();
    try (var sleeping =
        new Throttle(
            () -> {
              looks.incrementAndGet();
              return Instant.now();
            },
            System::nanoTime,
            OptionalLong::empty,
            _ -> {},
            Throttle.Keeper.NONE,
            Gauge.NONE)) {
      sleeping.start();
      sleeping.set(Optional.of(new ManualLimit(WORK, Optional.empty())));
      int before = looks.get();
      Thread.sleep(1300);
      assertThat(looks).hasValue(before);

      sleeping.set(Optional.of(new ManualLimit(WORK, Optional.of(Instant.MAX))));
      int then = looks.get();
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> looks.get() > then);
    }
  }

  /** So many seconds, in each of which somebody waited for a disk a share of the time. */
  private void stall(int seconds, double share) {
    for (int i = 0; i < seconds; i++) {
      stalled = OptionalLong.of(stalled.orElse(0) + Math.round(share * 1e6));
      pass(Duration.ofNanos(TimeUnit.SECONDS.toNanos(1)));
    }
  }

  private void yieldFrom(double share) {
    throttle.follow(
        new Calendar(BERLIN, Limits.NONE.withWire(BASE), List.of()),
        new Gauge.Thresholds(Optional.of(share), Optional.empty()));
  }

  @Test
  void under_pressure_it_slows_down_and_never_stands_still() {
    yieldFrom(0.2);
    stall(3, 0.1);
    assertThat(wire()).isEqualTo(BASE);
    stall(2, 0.5);
    assertThat(wire().perSecond()).isLessThan(BASE.perSecond() / 2);
    assertThat(throttle.status().cause()).isEqualTo(Cause.PRESSURE);
    assertThat(throttle.status().reason()).startsWith("I/O pressure 50 %");
    stall(100, 1);
    assertThat(wire().perSecond()).isEqualTo(BASE.perSecond() / 20);
    stall(10, 0.15); // not over it, and not far below
    assertThat(wire().perSecond()).isEqualTo(BASE.perSecond() / 20);
    stall(20, 0);
    assertThat(wire()).isEqualTo(BASE);
    assertThat(throttle.status().cause()).isEqualTo(Cause.BASE);
  }

  @Test
  void without_a_limit_it_slows_down_from_what_it_had() {
    throttle.follow(
        Calendar.open(BERLIN), new Gauge.Thresholds(Optional.of(0.2), Optional.empty()));
    stall(1, 0);
    speed = OptionalLong.of(800_000_000);
    stall(1, 0.9);
    assertThat(wire().perSecond()).isEqualTo(560_000_000);
    assertThat(applied.getLast().disk().isUnlimited()).isFalse();
    stall(20, 0);
    assertThat(applied.getLast()).isEqualTo(Limits.NONE);
  }

  @Test
  void a_kernel_that_does_not_tell_of_pressure_is_pointed_out() {
    stalled = OptionalLong.empty();
    yieldFrom(0.2);
    pass(Duration.ofSeconds(1));
    assertThat(wire()).isEqualTo(BASE);
    assertThat(throttle.status().notices()).singleElement().asString().contains("/proc/pressure");
  }
}
