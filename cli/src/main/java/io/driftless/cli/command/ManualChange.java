package io.driftless.cli.command;

import io.driftless.cli.json.ThrottleJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Sets a limit by hand. */
final class ManualChange {
  private final Root root;
  private final ThrottleAtHand throttle;

  ManualChange(Root root) {
    this.root = root;
    this.throttle = new ThrottleAtHand(root);
  }

  int set(String rate, UntilOption end) throws IOException {
    Optional<Duration> length = end.length();
    Optional<Instant> until = Optional.empty();
    if (end.isUntil()) {
      ZoneId zone = throttle.status().calendar().zone();
      until = end.until(root.host().moments().now(), zone);
    }
    return throttle.showLine(
        throttle.client().put(ThrottleAtHand.PATH, ThrottleJson.request(rate, length, until)));
  }
}
