package io.driftless.target.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.VolumeMessage.Access;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.Role;
import io.driftless.protocol.message.VolumeMessage.RootIdentity;
import io.driftless.protocol.message.VolumeMessage.VolumeKind;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.ReplicaOptions;
import io.driftless.target.session.Shared;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which source may write, by what it knows of the volume. */
final class VolumeGateTest {
  private static final String AGENT = "3f2a";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-01T10:00:00.123Z"));

  @TempDir private Path home;
  private VolumeLedger ledger;
  private VolumeGate gate;

  @BeforeEach
  void open() throws IOException {
    ledger = VolumeLedger.open(home.resolve("state.db"), CLOCK, new SecureRandom());
    var settings =
        new ReplicaSettings(
            "www",
            home,
            ReplicaSettings.Mounting.PLAIN_DIRECTORY,
            ReplicaOptions.USUAL_WINDOWS,
            Optional.empty(),
            Shared.unlimited());
    gate = new VolumeGate(settings, ledger, _ -> true);
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private long opens(long generation) throws Refusal, IOException {
    return gate.admit(AGENT, opening(Access.WRITE, generation)).generation();
  }

  private long looks(String agent, long generation) throws Refusal, IOException {
    return gate.admitReader(agent, opening(Access.READ, generation)).generation();
  }

  private static OpenVolume opening(Access access, long generation) {
    return new OpenVolume(
        "www",
        Role.SOURCE,
        VolumeKind.TREE,
        access,
        generation,
        new RootIdentity(new UUID(1, 2), 3, 4),
        Owners.NUMERIC,
        List.of());
  }

  @Test
  void whoever_only_looks_is_admitted_like_whoever_writes_and_leaves_no_trace() throws Exception {
    assertThatThrownBy(() -> looks(AGENT, 0))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.slug()).isEqualTo("not-brought"));
    opens(0);
    ledger.release("www", "");
    assertThatThrownBy(() -> looks(AGENT, 1)).hasMessageContaining("was released");
    ledger.reclaim("www", Written.NOTHING);
    var before = ledger.factsOf("www");

    assertThat(looks(AGENT, 2)).isEqualTo(2);
    assertThatThrownBy(() -> looks("4711", 2)).hasMessageContaining("by another agent");
    assertThat(ledger.factsOf("www")).isEqualTo(before);
    assertThat(opens(1)).as("an older one is still admitted").isEqualTo(2);
    opens(2);
    assertThatThrownBy(() -> looks(AGENT, 1)).hasMessageContaining("generation");
  }

  private void assertRefused(String slug, long generation) {
    assertThatThrownBy(() -> opens(generation))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.slug()).isEqualTo(slug));
  }

  @Test
  void a_released_volume_is_refused_to_everybody_and_the_reason_told() throws Exception {
    opens(0);
    ledger.release("www", "it burns");

    for (long generation = 0; generation <= 3; generation++) {
      assertRefused("released", generation);
    }
    assertThatThrownBy(() -> opens(1))
        .hasMessage(
            "volume www was released on the target at 2026-03-01T10:00:00Z (it burns);"
                + " no source may write to it");
  }

  @Test
  void after_a_reclaim_the_source_comes_in_with_what_it_knew() throws Exception {
    opens(0);
    opens(1);
    ledger.release("www", "");
    ledger.reclaim("www", Written.NOTHING);

    assertThat(opens(1)).isEqualTo(2);
    assertThat(opens(1)).isEqualTo(2); // the answer may not have reached it
    assertThat(opens(2)).isEqualTo(2);
    assertRefused("generation", 1); // a copy from before the release
    assertRefused("generation", 3);
    assertThat(opens(0)).isEqualTo(2);

    ledger.reclaim("www", Written.NOTHING);
    assertThat(opens(1)).isEqualTo(2);
  }

  @Test
  void a_source_that_knows_more_than_a_ledger_that_was_lost_comes_in_after_a_reclaim()
      throws Exception {
    assertRefused("generation", 5);

    ledger.reclaim("www", Written.NOTHING);

    assertThat(opens(5)).isEqualTo(1);
    assertThat(opens(1)).isEqualTo(1);
    assertRefused("generation", 5);
  }
}
