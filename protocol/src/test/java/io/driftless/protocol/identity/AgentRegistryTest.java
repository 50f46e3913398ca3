package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentRegistryTest {
  @TempDir private Path home;
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T12:00:00Z"));
  private TestTarget target;
  private Identity web1;

  @BeforeEach
  void enrol_one_agent() throws Exception {
    target = TestTarget.init(home, clock);
    web1 = target.join(target.invite(), "web1");
  }

  @Test
  void is_the_same_after_a_restart() throws Exception {
    target.registry.arrived(target.peer(web1));
    assertThat(target.restarted().registry.agents()).isEqualTo(target.registry.agents());
    assertThat(target.registry.agents().getFirst().lastSeen()).isEqualTo(clock.instant());
  }

  @Test
  void can_be_read_by_people() throws Exception {
    assertThat(Files.readString(home.resolve("identity/agents")))
        .startsWith("driftless-agents 1\nid=" + web1.id() + " name=web1 key=" + web1.keyHash())
        .contains(" rights=www:source enrolled=2026-11-01T12:00:00Z\n");
  }

  @Test
  void a_certificate_alone_is_no_way_in() throws Exception {
    Identity stranger =
        target.authority.newIdentity(
            new Subject(new AgentId(1, 2), new AgentName("eve"), Role.SOURCE));
    assertRefused("agent-unknown", target.registry.admit(target.peer(stranger)));
    Identity impostor = target.authority.newIdentity(web1.subject());
    assertRefused("cloned-identity", target.registry.admit(target.peer(impostor)));
    assertRefused("wrong-role", target.registry.admit(target.peer(target.identity)));
  }

  @Test
  void a_revoked_agent_is_out_at_once_and_its_connections_hear_of_it() throws Exception {
    List<AgentId> heard = new ArrayList<>();
    try (var _ = target.registry.subscribe(heard::add)) {
      target.registry.revoke(web1.id());
      assertThat(heard).containsExactly(web1.id());
      assertRefused("agent-revoked", target.registry.admit(target.peer(web1)));
      target.registry.revoke(web1.id());
      assertThat(heard).as("nothing changed the second time").hasSize(1);
    }
    assertRefused("agent-revoked", target.restarted().registry.admit(target.peer(web1)));
  }

  @Test
  void a_change_by_another_process_is_heard_of_at_the_next_refresh() throws Exception {
    TestTarget daemon = target.restarted();
    List<AgentId> heard = new ArrayList<>();
    try (var _ = daemon.registry.subscribe(heard::add)) {
      daemon.registry.refresh();
      assertThat(heard).isEmpty();
      target.registry.revoke(web1.id());
      daemon.registry.refresh();
    }
    assertThat(heard).containsExactly(web1.id());
    assertRefused("agent-revoked", daemon.registry.admit(daemon.peer(web1)));
  }

  @Test
  void changes_of_two_processes_do_not_undo_each_other() throws Exception {
    TestTarget daemon = target.restarted();
    Identity web2 = target.join(target.invite(), "web2");
    daemon.registry.arrived(daemon.peer(web1));
    target.registry.revoke(web1.id());
    daemon.registry.allow(web2.id(), Rights.NONE);
    List<RegisteredAgent> agents = target.restarted().registry.agents();
    assertThat(agents).hasSize(2);
    assertThat(agents.get(0).isRevoked()).isTrue();
    assertThat(agents.get(1).rights()).isEqualTo(Rights.NONE);
  }

  @Test
  void many_threads_of_two_processes_lose_nothing() throws Exception {
    TestTarget other = target.restarted();
    List<Future<?>> pending = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 16; i++) {
        TestTarget by = i % 2 == 0 ? target : other;
        RegisteredAgent agent =
            RegisteredAgent.enrolled(
                new AgentId(7, i),
                new AgentName("agent" + i),
                web1.keyHash(),
                Rights.NONE,
                clock.instant());
        pending.add(
            threads.submit(() -> {
              by.registry.add(agent);
              return agent;
            }));
      }
      for (Future<?> each : pending) {
        each.get();
      }
    }
    assertThat(target.restarted().registry.agents()).hasSize(17);
  }

  @Test
  void last_seen_is_written_once_a_minute() throws Exception {
    Instant first = clock.instant();
    target.registry.arrived(target.peer(web1));
    clock.advance(Duration.ofSeconds(50));
    target.registry.arrived(target.peer(web1));
    assertThat(target.registry.agents().getFirst().lastSeen()).isEqualTo(first);
    clock.advance(Duration.ofSeconds(11));
    target.registry.arrived(target.peer(web1));
    assertThat(target.registry.agents().getFirst().lastSeen()).isEqualTo(clock.instant());
  }

  @Test
  void agents_are_found_by_name_and_by_the_beginning_of_their_id() throws Exception {
    assertThat(target.registry.named("WEB1").id()).isEqualTo(web1.id());
    assertThat(target.registry.named(web1.id().toString().substring(0, 8)).id())
        .isEqualTo(web1.id());
    assertThatThrownBy(() -> target.registry.named("web\u001b"))
        .hasMessage("agent-unknown: no agent is called web\\x1b; see target agents");
  }

  @Test
  void a_damaged_list_lets_nobody_in_and_says_where() throws Exception {
    Path file = home.resolve("identity/agents");
    String good = Files.readString(file);
    for (String damaged :
        List.of(good.replace("rights=www:source", "rights=www:all"), good + "x", "", good + good)) {
      Files.writeString(file, damaged);
      assertThatThrownBy(() -> target.restarted())
          .hasMessageMatching("(?s)identity-damaged: \\S+agents, line \\d+: .*");
    }
  }

  private static void assertRefused(String slug, Admission admission) {
    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.refusal().slug()).isEqualTo(slug));
  }
}
