package io.driftless.source.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetriesTest {
  private long now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos(); // clocks may begin anywhere
  private final Retries retries = new Retries(() -> now);

  private Duration left() {
    return Duration.ofNanos(retries.nanosLeft());
  }

  @Test
  void the_pause_doubles_until_something_works() {
    assertThat(retries.isDue()).isTrue();
    retries.failed();
    assertThat(left()).isEqualTo(Duration.ofMillis(200));
    now += left().toNanos() - 1;
    assertThat(retries.isDue()).isFalse();
    now++;
    assertThat(retries.isDue()).isTrue();
    retries.failed();
    assertThat(left()).isEqualTo(Duration.ofMillis(400));
    for (int i = 0; i < 20; i++) {
      retries.failed();
    }
    assertThat(left()).isEqualTo(Duration.ofSeconds(30));

    retries.worked();
    assertThat(retries.isDue()).isTrue();
    retries.failed();
    assertThat(left()).isEqualTo(Duration.ofMillis(200));
  }
}
