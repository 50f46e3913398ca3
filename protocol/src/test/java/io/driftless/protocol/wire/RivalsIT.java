package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.SessionMessage.Hello;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.wire.SessionEnd.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("Two sessions of one agent, and the ends of sessions")
final class RivalsIT {
  private static final WireSettings HASTY =
      WireSettings.DEFAULT.withHandshake(Duration.ofSeconds(5), Duration.ofMillis(500));

  @Test
  void the_same_process_fences_its_own_older_session() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target);
        var first = pair.dial(1)) {
      var heard = new Recorder();
      first.open(SessionIT.WWW, heard);
      Target.Opened opened = target.nextOpened();
      try (var second = pair.dial(1)) {
        // By the time that the second stands, the target's side of the first has been told.
        assertThat(opened.heard().isEnded()).isTrue();
        assertThat(opened.heard().awaitEnd().slug()).isEqualTo("fenced");
        assertThat(first.awaitEnd().slug()).isEqualTo("fenced");
        assertThat(second.isOpen()).isTrue();
        assertThat(pair.acceptor().sessions())
            .singleElement()
            .satisfies(it -> assertThat(it.id()).isEqualTo(second.id()));
      }
    }
  }

  @Test
  void a_clone_is_refused_while_the_original_lives() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target, it -> it.with(HASTY));
        var original = pair.dial(1)) {
      assertThatThrownBy(() -> pair.clonedDialer().dial(List.of(pair.address()), 1))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.slug()).isEqualTo("cloned-identity"));
      assertThat(original.isOpen()).isTrue();
      assertThat(target.clones()).containsExactly("127.0.0.1");
    }
  }

  @Test
  void another_process_takes_over_from_one_that_is_silent() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target, it -> it.with(HASTY));
        var relay = Relay.to(pair.address().port())) {
      pair.dialer().dial(List.of(relay.address()), 1);
      relay.freeze();
      try (var restarted = pair.clonedDialer().dial(List.of(pair.address()), 1)) {
        assertThat(restarted.isOpen()).isTrue();
        assertThat(target.nextEnd().slug()).isEqualTo("fenced");
      }
    }
  }

  @Test
  void silence_is_noticed_on_both_sides() throws Exception {
    var settings = WireSettings.DEFAULT.withPulse(Duration.ofMillis(100), Duration.ofMillis(600));
    var target = new Target();
    try (var pair = LoopbackPair.listening(target, it -> it.with(settings));
        var relay = Relay.to(pair.address().port())) {
      AgentSession session = pair.dialer().dial(List.of(relay.address()), 1);
      assertThat(target.nextOrNoEnd(1500)).as("pings keep an idle session").isEmpty();
      relay.freeze();
      assertThat(session.awaitEnd().slug()).isEqualTo("peer-silent");
      assertThat(session.awaitEnd().cause()).isEqualTo(Cause.BROKEN);
      assertThat(target.nextEnd().slug()).isEqualTo("peer-silent");
    }
  }

  @Test
  void a_cut_cable_is_noticed_at_once() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target);
        var relay = Relay.to(pair.address().port())) {
      AgentSession session = pair.dialer().dial(List.of(relay.address()), 2);
      relay.cut();
      assertThat(session.awaitEnd().slug()).isEqualTo("connection-lost");
      assertThat(target.nextEnd().slug()).isEqualTo("connection-lost");
    }
  }

  @Test
  void a_revoked_agent_is_gone_within_seconds_and_stays_out() throws Exception {
    var target = new Target();
    try (var pair = LoopbackPair.listening(target);
        var session = pair.dial(2);
        var _ =
            pair.registry()
                .subscribe(id ->
                    pair.acceptor()
                        .endSessions(
                            id,
                            new SessionEnd(Cause.CLOSED_HERE, "agent-revoked", "revoked", "")))) {
      var heard = new Recorder();
      session.open(SessionIT.WWW, heard).send(new Staged(1));
      target.nextOpened();
      long start = System.nanoTime();
      pair.registry().revoke(pair.source().id());
      assertThat(heard.awaitEnd().slug()).isEqualTo("agent-revoked");
      assertThat(session.awaitEnd().cause()).isEqualTo(Cause.PEER);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      assertThatThrownBy(() -> pair.dial(1))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.slug()).isEqualTo("agent-revoked"));
    }
  }

  @Test
  void a_lane_for_a_session_of_somebody_else_is_refused() throws Exception {
    try (var pair = LoopbackPair.listening(new Target());
        var session = pair.dial(1)) {
      Identity other = pair.enrolled("other");
      var lanes = new LaneDialer(pair.stranger(), () -> other, pair.socketAddress(), "target");
      for (LaneKind kind : LaneKind.values()) {
        assertThatThrownBy(() ->
                Waiting.on(
                    lanes.connect(session.id(), kind, 0, 1, it -> it),
                    Duration.ofSeconds(10),
                    "an answer"))
            .isInstanceOfSatisfying(
                WireException.class, e -> assertThat(e.slug()).isEqualTo("no-such-session"));
      }
      assertThat(session.isOpen()).isTrue();
    }
  }

  @Test
  void a_version_that_the_target_does_not_speak_is_refused_with_both_named() throws Exception {
    try (var pair = LoopbackPair.listening(new Target())) {
      var answer = new RawPeer(pair).ask(helloOfVersion(2, 3));
      assertThat(answer.slug()).isEqualTo("version-mismatch");
      assertThat(answer.message()).contains("2 to 3").contains("speaks 1");
    }
  }

  private static Hello helloOfVersion(int min, int max) {
    return new Hello(
        min,
        max,
        "9.0",
        "JDK",
        UUID.randomUUID(),
        UUID.randomUUID(),
        LaneKind.CONTROL,
        0,
        0,
        Instant.now());
  }
}
