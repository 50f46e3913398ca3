package io.driftless.source.agent;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetLinkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private volatile Duration offset = Duration.ZERO;

  @ParameterizedTest(name = "C49: by {0} h")
  @ValueSource(ints = {-1, 1})
  @DisplayName("C49: a clock that is set while a target is away does not keep from dialling")
  void a_clock_that_is_set_does_not_keep_from_dialling(int hours) {
    var dials = new AtomicInteger();
    Dialer nobody =
        () -> {
          dials.incrementAndGet();
          throw new IOException("nobody listens");
        };
    try (var link =
        new TargetLink("new", "host:1", nobody, () -> Instant.now().plus(offset), new Random(7))) {
      link.start();
      Awaitility.await().atMost(PATIENCE).until(() -> link.status().retryAt().isPresent());
      int before = dials.get();

      offset = Duration.ofHours(hours);
      link.hurry();

      Awaitility.await().atMost(PATIENCE).until(() -> dials.get() > before);
    }
  }
}
