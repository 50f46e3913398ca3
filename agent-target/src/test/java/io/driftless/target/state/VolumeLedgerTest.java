package io.driftless.target.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.session.Population;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeLedgerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir private Path home;
  private VolumeLedger ledger;

  @BeforeEach
  void open() throws IOException {
    ledger =
        VolumeLedger.open(home.resolve("state.db"), InstantSource.fixed(NOW), new SecureRandom());
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  @Test
  void a_volume_begins_as_a_replica_that_was_never_seeded() throws IOException {
    var facts = ledger.factsOf("www");

    assertThat(facts.state()).isEqualTo(VolumeState.REPLICA);
    assertThat(facts.generation()).isEqualTo(1);
    assertThat(facts.standing()).isEqualTo(Standing.NEVER_SEEDED);
    assertThat(facts.agent()).isEmpty();
  }

  @Test
  void facts_survive_a_restart() throws IOException {
    long seed = ledger.factsOf("www").seed();
    ledger.bind("www", "agent-1");
    ledger.passSucceeded("www", NOW.minusSeconds(60));
    assertThat(ledger.population("www")).isEmpty();
    ledger.seeded("www", "root", new Population(7, 3));
    assertThat(ledger.population("www")).contains(new Population(7, 3));
    ledger.close();
    open();

    var facts = ledger.factsOf("www");

    assertThat(facts.seed()).isEqualTo(seed);
    assertThat(facts.agent()).contains("agent-1");
    assertThat(facts.standing()).isEqualTo(Standing.SEEDED);
    assertThat(facts.durableAt()).contains(NOW.minusSeconds(60));
  }

  @Test
  void poisoned_entries_are_remembered_until_they_are_durable() throws IOException {
    ledger.poison("www", List.of(TreePath.of("a/b"), TreePath.of("c")));
    ledger.poison("www", List.of(TreePath.of("c")));
    ledger.healed("www", List.of(TreePath.of("a/b")));

    assertThat(ledger.poisoned("www")).containsExactly(TreePath.of("c"));
    assertThat(ledger.poisoned("mail")).isEmpty();
  }
}
