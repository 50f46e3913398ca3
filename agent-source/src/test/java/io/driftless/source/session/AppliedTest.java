package io.driftless.source.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Deltas;
import org.junit.jupiter.api.Test;

final class AppliedTest {
  @Test
  void what_the_target_counted_is_what_the_report_says() {
    var deltas = new Deltas(10, 11, 12, 13);

    assertThat(Applied.of(new Counters(1, 2, 3, 4, 5, 6, 7, 8, 9, deltas)))
        .isEqualTo(new Applied(1, 2, 3, 4, 6, 7, 8, deltas));
  }
}
