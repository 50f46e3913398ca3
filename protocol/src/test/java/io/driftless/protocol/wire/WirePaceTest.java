package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.wire.Session.WireBytes;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WirePaceTest {
  private long nanos;
  private final WirePace pace = new WirePace(() -> nanos);

  @Test
  void what_goes_over_the_wire_is_that_of_all_peers_since_the_last_look() {
    WirePace.Peer one = pace.open(_ -> {});
    WirePace.Peer other = pace.open(_ -> {});
    one.greet();
    other.greet();
    assertThat(pace.bitsPerSecond()).isEmpty();

    nanos += TimeUnit.SECONDS.toNanos(2);
    one.carried(new WireBytes(900_000, 100_000));
    assertThat(pace.bitsPerSecond()).hasValue(4_000_000);
    other.carried(new WireBytes(0, 250_000));
    assertThat(pace.bitsPerSecond()).hasValue(5_000_000);

    nanos += TimeUnit.SECONDS.toNanos(1);
    one.carried(new WireBytes(900_000, 100_000));
    assertThat(pace.bitsPerSecond()).hasValue(1_000_000);
    other.close();
    assertThat(pace.bitsPerSecond()).hasValue(0);
  }
}
