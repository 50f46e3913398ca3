package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.wire.Heartbeat.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {
  private static final long SECOND = 1_000_000_000L;

  private final Heartbeat heartbeat = new Heartbeat(WireSettings.DEFAULT, 0);

  @Test
  void a_talkative_peer_is_never_asked() {
    for (long now = 0; now < 100; now++) {
      assertThat(heartbeat.judge(now * SECOND, (now - 4) * SECOND)).isEqualTo(Verdict.QUIET_ENOUGH);
    }
  }

  @Test
  void a_silent_peer_is_asked_every_five_seconds_and_given_up_after_thirty() {
    List<Long> asked = new ArrayList<>();
    long now = 0;
    Verdict verdict = Verdict.QUIET_ENOUGH;
    while (verdict != Verdict.DEAD) {
      now++;
      verdict = heartbeat.judge(now * SECOND, 0);
      if (verdict == Verdict.PING) {
        asked.add(now);
      }
    }
    assertThat(asked).containsExactly(5L, 10L, 15L, 20L, 25L, 30L);
    assertThat(now).isEqualTo(31);
  }
}
