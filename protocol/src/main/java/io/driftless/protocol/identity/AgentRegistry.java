package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A target's list of the agents that may connect, and of what they may do. Who isn't on it has no
 * way in, whatever certificate it shows.
 *
 * <p>Safe for concurrent use, also with other processes. Reading and {@link #admit} never block;
 * the methods that throw {@code IOException} do. Whoever lets an agent in subscribes, and asks
 * {@link #admit} again when that agent changes; a daemon calls {@link #refresh} every second, so
 * that what a command did to the file is heard of.
 */
public final class AgentRegistry {
  public static final int AGENTS_MAX = 10_000;

  private static final String FILE = "agents";
  private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

  private final Ledger<RegisteredAgent> ledger;
  private final InstantSource clock;
  private final List<Consumer<AgentId>> listeners = new CopyOnWriteArrayList<>();

  private AgentRegistry(Ledger<RegisteredAgent> ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  public static AgentRegistry in(PrivateDirectory directory, InstantSource clock)
      throws IOException {
    return new AgentRegistry(Ledger.in(directory, FILE, RegisteredAgent.FORMAT), clock);
  }

  public static AgentRegistry inMemory(InstantSource clock) {
    return new AgentRegistry(Ledger.inMemory(RegisteredAgent.FORMAT), clock);
  }

  /** All agents, also revoked ones, in the order of their enrolment. */
  public List<RegisteredAgent> agents() {
    return ledger.entries();
  }

  public Optional<RegisteredAgent> find(AgentId id) {
    return agents().stream().filter(agent -> agent.id().equals(id)).findFirst();
  }

  /** The agent of this name that isn't revoked. There is at most one. */
  public Optional<RegisteredAgent> find(AgentName name) {
    return agents().stream()
        .filter(agent -> agent.name().equals(name) && !agent.isRevoked())
        .findFirst();
  }

  /**
   * Decides about a peer whose certificate TLS has accepted. To be asked after each handshake, and
   * again whenever the agent changes. Remembers nothing; see {@link #arrived}.
   */
  public Admission admit(PeerIdentity peer) {
    RegisteredAgent agent = find(peer.id()).orElse(null);
    Refusal refusal = refusalOf(peer, agent);
    if (agent == null || refusal != null) {
      return new Admission.Refused(refusal == null ? unknown(peer) : refusal);
    }
    return switch (peer.standing()) {
      case VALID -> new Admission.Admitted(agent);
      case EXPIRED_BUT_RENEWABLE -> new Admission.RenewalOnly(agent);
    };
  }

  private @Nullable Refusal refusalOf(PeerIdentity peer, @Nullable RegisteredAgent agent) {
    if (peer.role() != Role.SOURCE) {
      return new Refusal(
          Reason.WRONG_ROLE,
          peer.name() + " is not a source",
          "let a source connect to this target");
    }
    if (agent == null) {
      return unknown(peer);
    }
    if (agent.revokedAt() != null) {
      return new Refusal(
          Reason.AGENT_REVOKED,
          "%s was revoked at %s".formatted(agent.name(), agent.revokedAt()),
          "invite it again if it is to come back");
    }
    if (!peer.key().equals(agent.key()) && !peer.key().equals(agent.previousKey())) {
      return new Refusal(
          Reason.CLONED_IDENTITY,
          "%s uses a key that was replaced by a later one".formatted(agent.name()),
          "if its host was copied or restored, invite it again with target invite --agent "
              + agent.name());
    }
    return null;
  }

  private static Refusal unknown(PeerIdentity peer) {
    return new Refusal(
        Reason.AGENT_UNKNOWN,
        "%s (%s) is not on this target's list".formatted(peer.name(), peer.id()),
        "invite it with target invite");
  }

  /**
   * Takes down that an admitted peer is there. If it shows the key of its last renewal, the key
   * before is worth nothing from now on.
   */
  public void arrived(PeerIdentity peer) throws IOException {
    RegisteredAgent agent = find(peer.id()).orElse(null);
    if (agent == null) {
      return;
    }
    boolean completesHandOver = agent.previousKey() != null && peer.key().equals(agent.key());
    Instant now = clock.instant();
    Instant last = agent.lastSeen();
    if (completesHandOver || last == null || last.plus(SEEN_EVERY).isBefore(now)) {
      edit(
          peer.id(),
          known -> peer.key().equals(known.key()) ? known.handedOver().seen(now) : known.seen(now));
    }
  }

  /**
   * Adds an agent, or gives one that is there a new key.
   *
   * @throws RefusedException if another agent has the name, or the list is full
   */
  public void add(RegisteredAgent agent) throws IOException {
    change(agents -> {
      agents.removeIf(known -> known.id().equals(agent.id()));
      if (agents.stream().anyMatch(k -> k.name().equals(agent.name()) && !k.isRevoked())) {
        throw nameTaken(agent.name());
      }
      if (agents.size() >= AGENTS_MAX) {
        throw new RefusedException(
            Reason.TOKENS_TOO_MANY,
            "the list has %d agents".formatted(AGENTS_MAX),
            "remove revoked ones from the file");
      }
      agents.add(agent);
      return agent;
    });
  }

  static RefusedException nameTaken(AgentName name) {
    return new RefusedException(
        Reason.NAME_TAKEN,
        "another agent is called " + name,
        "join with another --name, or revoke that one, or invite with --agent to replace it");
  }

  /** Takes down that an agent, which showed one key, is given a certificate for another. */
  void renewed(AgentId id, KeyHash from, KeyHash to) throws IOException {
    edit(id, agent -> agent.renewed(from, to));
  }

  /** Gives an agent other rights; its sessions are told. */
  public RegisteredAgent allow(AgentId id, Rights rights) throws IOException {
    return edit(id, agent -> agent.with(rights));
  }

  /** Takes everything from an agent for good; its connections end as listeners hear of it. */
  public RegisteredAgent revoke(AgentId id) throws IOException {
    return edit(id, agent -> agent.isRevoked() ? agent : agent.revoked(clock.instant()));
  }

  /**
   * The agent that somebody means by a name, or by an id or the beginning of one.
   *
   * @throws RefusedException if there is none, or several
   */
  public RegisteredAgent named(String nameOrId) throws RefusedException {
    List<RegisteredAgent> meant =
        agents().stream()
            .filter(agent -> agent.name().text().equalsIgnoreCase(nameOrId) && !agent.isRevoked())
            .toList();
    if (meant.isEmpty() && nameOrId.length() >= 4) {
      meant = agents().stream().filter(a -> a.id().toString().startsWith(nameOrId)).toList();
    }
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    String what = Escaped.display(nameOrId);
    throw meant.isEmpty()
        ? new RefusedException(
            Reason.AGENT_UNKNOWN, "no agent is called " + what, "see target agents")
        : new RefusedException(
            Reason.AGENT_AMBIGUOUS, "several agents begin with " + what, "give more of the id");
  }

  /** Reads the file again if another process changed it, and tells the listeners what differs. */
  public void refresh() throws IOException {
    List<RegisteredAgent> before = ledger.entries();
    ledger.refresh();
    tell(before, ledger.entries());
  }

  /**
   * Calls somebody with the id of each agent that was added, changed or removed, until closed.
   *
   * <p>The call is made by the thread that noticed and must not block; the list already says what
   * is new.
   */
  public Subscription subscribe(Consumer<AgentId> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends what {@link #subscribe} began. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  private RegisteredAgent edit(AgentId id, UnaryOperator<RegisteredAgent> edit) throws IOException {
    return change(agents -> {
      for (int i = 0; i < agents.size(); i++) {
        if (agents.get(i).id().equals(id)) {
          agents.set(i, edit.apply(agents.get(i)));
          return agents.get(i);
        }
      }
      throw new RefusedException(
          Reason.AGENT_UNKNOWN, "no agent has the id " + id, "see target agents");
    });
  }

  private RegisteredAgent change(Ledger.Change<RegisteredAgent, RegisteredAgent> change)
      throws IOException {
    List<RegisteredAgent> before = ledger.entries();
    RegisteredAgent result = ledger.change(change);
    tell(before, ledger.entries());
    return result;
  }

  private void tell(List<RegisteredAgent> before, List<RegisteredAgent> after) {
    if (before == after) {
      return;
    }
    Set<RegisteredAgent> differing = new HashSet<>(before);
    for (RegisteredAgent agent : after) {
      if (!differing.remove(agent)) {
        differing.add(agent);
      }
    }
    differing.stream()
        .map(RegisteredAgent::id)
        .distinct()
        .forEach(id -> listeners.forEach(listener -> listener.accept(id)));
  }
}
