package io.driftless.target.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.PassRecord;
import io.driftless.target.session.Population;
import io.driftless.target.session.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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

  @Test
  void a_release_stays_until_it_is_reclaimed_over_restarts() throws IOException {
    ledger.release("www", "the old host burns");
    ledger.release("www", "again");
    ledger.quiet("www", NOW.plusMillis(1));
    ledger.close();
    open();

    var facts = ledger.factsOf("www");
    assertThat(facts.state()).isEqualTo(VolumeState.RELEASED);
    assertThat(facts.generation()).isEqualTo(2);
    assertThat(facts.release())
        .contains(new Release(NOW, "the old host burns", Optional.of(NOW.plusMillis(1))));
    assertThat(ledger.releases()).containsOnlyKeys("www");

    ledger.reclaim("www", Written.NOTHING);

    assertThat(ledger.factsOf("www").state()).isEqualTo(VolumeState.REPLICA);
    assertThat(ledger.factsOf("www").release()).isEmpty();
    assertThat(ledger.factsOf("www").generation()).isEqualTo(2);
    assertThat(ledger.unproven("www")).isEmpty();
    assertThat(ledger.releases()).isEmpty();
  }

  @Test
  void whoever_knows_an_older_generation_may_come_until_the_new_one_is_known() throws IOException {
    ledger.release("www", "");
    ledger.reclaim("www", Written.SOMETHING);
    assertThat(ledger.factsOf("www").oldestAdmitted()).isZero();
    assertThat(ledger.unproven("www")).containsExactly(TreePath.ROOT);

    ledger.requireCurrent("www");

    assertThat(ledger.factsOf("www").oldestAdmitted()).isEqualTo(2);
  }

  @Test
  void the_last_whole_pass_is_kept_beside_the_latest() throws IOException {
    var first = pass(1, ".");
    ledger.passBegan("www", first);
    assertThat(ledger.latestPass("www")).contains(first);
    assertThat(ledger.lastWholePass("www")).isEmpty();

    var whole = first.ended(NOW, PassRecord.COMPLETE, "", 2);
    ledger.passEnded("www", whole);
    var part = pass(2, "etc").ended(NOW, PassRecord.COMPLETE, "", 0);
    ledger.passEnded("www", part);
    assertThat(ledger.lastWholePass("www")).contains(whole);
    assertThat(ledger.latestPass("www")).contains(part);

    ledger.passBegan("www", pass(3, "."));
    assertThat(ledger.latestPass("www").orElseThrow().ended()).isEmpty();
    assertThat(ledger.lastWholePass("www")).contains(whole);
  }

  private static PassRecord pass(long number, String below) {
    return new PassRecord(number, "old", below, NOW.minusSeconds(60), Optional.empty(), "", "", 0);
  }
}
