package io.driftless.perf.contender;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RsyncTest {
  @Test
  void what_all_of_them_said_is_added() {
    String said = "Total bytes sent: 1,234\nTotal bytes received: 6\n";

    assertThat(Rsync.wireBytes(said + "sent 3 bytes\n" + said)).hasValue(2480);
  }

  @Test
  void who_says_nothing_is_not_counted() {
    assertThat(Rsync.wireBytes("rsync: done\n")).isEmpty();
  }
}
