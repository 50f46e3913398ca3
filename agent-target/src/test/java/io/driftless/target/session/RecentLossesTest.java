package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RecentLossesTest {
  private final RecentLosses losses = new RecentLosses();

  private RecentLosses.Sum after(long minutes) {
    return losses.sum(nanos(minutes));
  }

  private static long nanos(long minutes) {
    return Duration.ofMinutes(minutes).toNanos();
  }

  @Test
  void what_goes_adds_up_for_an_hour() {
    losses.add(30, 0, nanos(0));
    losses.add(20, 10, nanos(30));

    assertThat(after(31)).isEqualTo(new RecentLosses.Sum(40, 0, 0));
    assertThat(after(61)).isEqualTo(new RecentLosses.Sum(10, 0, 0));
    assertThat(after(91)).isEqualTo(new RecentLosses.Sum(0, 0, 0));
  }

  @Test
  void what_was_made_makes_up_for_what_went_before() {
    losses.add(30, 0, nanos(0));
    losses.add(0, 50, nanos(10));

    assertThat(after(10)).isEqualTo(new RecentLosses.Sum(0, 20, 20));
  }

  @Test
  void what_was_made_makes_up_for_what_goes_next_for_a_minute() {
    losses.add(0, 50, nanos(0));

    assertThat(after(0)).isEqualTo(new RecentLosses.Sum(0, 50, 50));
    assertThat(after(1)).isEqualTo(new RecentLosses.Sum(0, 0, 50));
  }

  @Test
  void what_there_is_grows_until_the_next_pass() {
    losses.add(0, 50, nanos(0));
    losses.add(20, 0, nanos(300));

    assertThat(after(300)).isEqualTo(new RecentLosses.Sum(20, 0, 30));
  }

  @Test
  void a_pass_forgets_what_was_lost() {
    losses.add(50, 0, nanos(0));
    losses.passed(0, nanos(0));

    assertThat(after(0)).isEqualTo(new RecentLosses.Sum(0, 0, 0));
  }

  @Test
  void what_was_made_by_a_pass_or_just_before_may_go_within_a_minute() {
    losses.add(0, 50, nanos(0));
    losses.passed(30, nanos(0));

    assertThat(after(0)).isEqualTo(new RecentLosses.Sum(0, 80, 0));
    assertThat(after(1)).isEqualTo(new RecentLosses.Sum(0, 0, 0));
    losses.add(20, 0, nanos(1));
    assertThat(after(1).lost()).isZero();
  }
}
