package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.target.stage.Draft.Method;
import org.junit.jupiter.api.Test;

final class TallyTest {
  private final Tally tally = new Tally();

  private void come(Method method, int times) {
    for (int i = 0; i < times; i++) {
      tally.largeFile(100, 60, method);
    }
  }

  @Test
  void large_files_count_by_how_they_came_and_as_files() {
    come(Method.WHOLE, 1);
    come(Method.PATCHED_IN_PLACE, 2);
    come(Method.CLONED, 3);
    come(Method.REBUILT, 4);

    Counters counters = tally.counters();

    assertThat(counters.deltas()).isEqualTo(new Deltas(2, 3, 4, 0));
    assertThat(counters.filesCommitted()).isEqualTo(10);
    assertThat(counters.literalBytes()).isEqualTo(400);
    assertThat(counters.matchedBytes()).isEqualTo(600);
  }

  @Test
  void a_lost_basis_and_a_mismatch_are_incidents() {
    tally.basesLost.add(2);
    tally.deltaMismatches.increment();

    assertThat(tally.counters().deltas()).isEqualTo(new Deltas(0, 0, 0, 3));
  }
}
