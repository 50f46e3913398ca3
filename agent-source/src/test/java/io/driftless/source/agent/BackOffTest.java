package io.driftless.source.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackOffTest {
  private final BackOff backOff = new BackOff(new Random(7));

  @Test
  void waits_a_second_at_first_and_a_minute_at_most_and_leaves_half_to_chance() {
    long most = 2_000;
    for (int attempt = 0; attempt < 20; attempt++) {
      assertThat(backOff.next()).isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
      most = Math.min(most * 2, 60_000);
    }
    assertThat(backOff.next()).isNotEqualTo(backOff.next());
  }

  @Test
  void begins_anew_after_a_success() {
    for (int attempt = 0; attempt < 10; attempt++) {
      backOff.next();
    }

    backOff.reset();

    assertThat(backOff.next()).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }
}
