package io.driftless.target.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.AgentRegistry;
import io.driftless.protocol.identity.Authority;
import io.driftless.protocol.identity.Invitation;
import io.driftless.protocol.identity.Invitations;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.pace.Throttle;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.ReplicaOptions;
import io.driftless.target.session.Shared;
import io.driftless.target.session.TargetControl.InviteRequest;
import io.driftless.target.session.TargetControl.ReplicaStatus;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be asked of a target agent that no source is connected to. */
final class TargetAgentTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-01T10:00:00Z"));

  @TempDir private Path home;
  private Invitations invitations;
  private TargetAgent agent;

  @BeforeEach
  void open() throws IOException {
    var random = new SecureRandom();
    invitations = Invitations.inMemory(random, CLOCK);
    agent =
        new TargetAgent(
            new TargetAgent.Settings(
                "new", Authority.create(random, CLOCK).keyHash(), List.of(plain("www"))),
            AgentRegistry.inMemory(CLOCK),
            invitations,
            VolumeLedger.open(home.resolve("state.db"), CLOCK, random),
            Throttle.open(),
            CLOCK);
    agent.listens(List.of(Address.parse("127.0.0.1:7440")), "127.0.0.1:7440");
  }

  @AfterEach
  void close() throws IOException {
    agent.close();
  }

  private ReplicaSettings plain(String name) {
    return new ReplicaSettings(
        name,
        home.resolve(name),
        ReplicaSettings.Mounting.PLAIN_DIRECTORY,
        ReplicaOptions.USUAL_WINDOWS,
        Optional.empty(),
        Shared.unlimited());
  }

  private static InviteRequest inviteFor(String volume) {
    return new InviteRequest(Optional.empty(), List.of(volume), List.of(), Duration.ofHours(1));
  }

  @Test
  void a_volume_that_is_added_can_be_invited_for_at_once() throws InterruptedException {
    assertThatThrownBy(() -> agent.invite(inviteFor("mail")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("this target has no volume mail, only www");

    agent.configure(List.of(plain("www"), plain("mail")));

    assertThat(agent.invite(inviteFor("mail"))).startsWith("dl1.");
    assertThat(invitations.open())
        .singleElement()
        .extracting(Invitation::rights)
        .isEqualTo(Rights.NONE.with(new VolumeName("mail"), Role.SOURCE));
    assertThat(agent.volumes()).extracting(ReplicaStatus::name).containsExactly("mail", "www");
    assertThat(agent.volumes()).extracting(ReplicaStatus::state).containsOnly("new");
  }

  @Test
  void a_volume_may_stay_or_go_but_never_moves() throws InterruptedException {
    agent.configure(List.of(plain("www"), plain("mail")));
    var moved =
        new ReplicaSettings(
            "www",
            home.resolve("other"),
            ReplicaSettings.Mounting.PLAIN_DIRECTORY,
            ReplicaOptions.USUAL_WINDOWS,
            Optional.empty(),
            Shared.unlimited());

    assertThatThrownBy(() -> agent.configure(List.of(moved)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("volume www has the root %s in the running agent", home.resolve("www"));
    assertThat(agent.volumes()).extracting(ReplicaStatus::name).containsExactly("mail", "www");

    agent.configure(List.of(plain("mail")));

    assertThat(agent.volumes()).extracting(ReplicaStatus::name).containsExactly("mail");
    assertThatThrownBy(() -> agent.invite(inviteFor("www")))
        .hasMessage("this target has no volume www, only mail");
  }

  @Test
  void a_volume_is_released_and_given_back_without_any_source() throws IOException {
    Files.createDirectory(home.resolve("www"));

    var released = agent.release("www", "over there it burns");

    assertThat(released.unfinished()).isEmpty();
    assertThat(released.generation()).isEqualTo(2);
    assertThat(released.release().orElseThrow().reason()).isEqualTo("over there it burns");
    assertThat(agent.volumes())
        .singleElement()
        .satisfies(volume -> {
          assertThat(volume.state()).isEqualTo("released");
          assertThat(volume.reason()).isEqualTo("over there it burns");
          assertThat(volume.since()).isEqualTo(CLOCK.instant());
        });

    assertThatThrownBy(() -> agent.reclaim("www", Optional.empty(), Written.NOTHING))
        .isInstanceOf(IllegalArgumentException.class);
    Optional<Instant> quiet = released.release().orElseThrow().quietSince();
    assertThat(quiet).isPresent();
    assertThat(agent.reclaim("www", quiet, Written.NOTHING).isReleased()).isFalse();
    assertThat(agent.volumes()).extracting(ReplicaStatus::state).containsExactly("paused");
  }

  @Test
  void a_root_that_is_away_is_released_and_what_is_left_to_do_is_told() throws IOException {
    var released = agent.release("www", "");

    assertThat(released.isReleased()).isTrue();
    assertThat(released.release().orElseThrow().quietSince()).isEmpty();
    assertThat(released.unfinished().orElseThrow()).contains("can't be opened");

    Files.createDirectory(home.resolve("www"));
    assertThat(agent.release("www", "").unfinished()).isEmpty();
    assertThat(agent.ownership("www").release().orElseThrow().quietSince()).isPresent();
  }

  @Test
  void what_was_being_received_is_gone_from_a_released_volume() throws IOException {
    Path area = home.resolve("www/.driftless");
    Files.createDirectories(
        area.resolve("parts"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(area.resolve("parts/abc"), "half of a large file");

    agent.release("www", "");

    assertThat(area).doesNotExist();
  }
}
