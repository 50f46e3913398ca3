package io.driftless.target.agent;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.AgentId;
import io.driftless.protocol.identity.AgentName;
import io.driftless.protocol.identity.AgentRegistry;
import io.driftless.protocol.identity.Invitations;
import io.driftless.protocol.identity.KeyHash;
import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.identity.RefusedException;
import io.driftless.protocol.identity.RegisteredAgent;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.wire.AgentSession;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.wire.SessionListener;
import io.driftless.target.session.Ownership;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.TargetControl;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running target agent: which volumes it has, and which agents may bring them. Thread-safe; owns
 * the ledger.
 *
 * <p>It hears of the sessions that the acceptor lets in, and decides about volumes.
 */
public final class TargetAgent implements TargetControl, SessionListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TargetAgent.class);

  /** How long it is told that somebody else had the identity of an agent. */
  private static final Duration RIVALS_SHOWN = Duration.ofDays(1);

  private final Settings settings;
  private final AgentRegistry registry;
  private final Invitations invitations;
  private final VolumeLedger ledger;
  private final Throttle throttle;
  private final InstantSource clock;
  private final ConcurrentMap<String, VolumeHost> hosts = new ConcurrentSkipListMap<>();
  private final Map<AgentId, AgentSession> sessions = new ConcurrentHashMap<>();
  private final Map<AgentId, Rival> rivals = new ConcurrentHashMap<>();
  private volatile Listening listening = new Listening("", List.of());

  private record Listening(String text, List<Address> addresses) {}

  /**
   * What a target agent is.
   *
   * @param authority hash of the key of its authority
   */
  public record Settings(String name, KeyHash authority, List<ReplicaSettings> volumes) {
    public Settings {
      volumes = List.copyOf(volumes);
    }
  }

  public TargetAgent(
      Settings settings,
      AgentRegistry registry,
      Invitations invitations,
      VolumeLedger ledger,
      Throttle throttle,
      InstantSource clock) {
    this.settings = settings;
    this.registry = registry;
    this.invitations = invitations;
    this.ledger = ledger;
    this.throttle = throttle;
    this.clock = clock;
    for (ReplicaSettings volume : settings.volumes()) {
      hosts.put(volume.name(), host(volume));
    }
  }

  private VolumeHost host(ReplicaSettings volume) {
    var host = new VolumeHost(volume, ledger, this::isListed, clock);
    host.recover();
    return host;
  }

  /**
   * Says where the agent listens, once that is known.
   *
   * @param addresses under which other hosts can reach it, for tokens
   * @param text for people
   */
  public void listens(List<Address> addresses, String text) {
    listening = new Listening(text, List.copyOf(addresses));
  }

  @Override
  public void opened(AgentSession session) {
    sessions.put(session.peer().id(), session);
    Thread.ofVirtual().name("arrival").start(() -> arrived(session.peer()));
  }

  /** Blocks on the file of the list, so never on an event loop. */
  private void arrived(PeerIdentity peer) {
    try {
      registry.arrived(peer);
    } catch (IOException e) {
      LOG.error("the arrival of {} can't be noted: {}", peer.name(), e.getMessage());
    }
  }

  @Override
  public void ended(AgentSession session, SessionEnd reason) {
    sessions.remove(session.peer().id(), session);
  }

  @Override
  public void cloned(PeerIdentity peer, String address) {
    Instant now = clock.instant();
    Rival rival =
        rivals.compute(
            peer.id(),
            (_, before) ->
                before == null
                    ? new Rival(1, now, now, address)
                    : new Rival(before.attempts() + 1, before.first(), now, address));
    if (rival.attempts() == 1) {
      LOG.warn(
          "cloned-identity: a second process from {} says that it is {}, which is connected; it was sent away",
          address,
          peer.name());
    }
  }

  @Override
  public ConversationListener opening(
      AgentSession session, OpenVolume opening, Conversation conversation) {
    PeerIdentity peer = session.peer();
    VolumeHost host = hosts.get(opening.volume());
    if (host == null || !mayBring(peer.id(), opening.volume())) {
      conversation.end(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE,
              "volume-refused",
              "%s may not bring a volume %s to this target"
                  .formatted(peer.name(), Escaped.display(opening.volume())),
              "invite it for this volume on the target: driftless target invite --volume "
                  + Escaped.display(opening.volume())));
      return new Deaf();
    }
    return host.opening(peer.id().toString(), peer.name().toString(), opening, conversation);
  }

  private boolean mayBring(AgentId agent, String volume) {
    Rights rights =
        registry
            .find(agent)
            .filter(known -> !known.isRevoked())
            .map(RegisteredAgent::rights)
            .orElse(Rights.NONE);
    return rights.allow(new VolumeName(volume), Role.SOURCE);
  }

  /** For a conversation that was refused: whatever still comes is dropped. */
  private static final class Deaf implements ConversationListener {
    @Override
    public void received(Message message) {
      if (message instanceof ContentMessage content) {
        content.release();
      }
    }

    @Override
    public void ended(SessionEnd reason) {
      // It was refused before anything began.
    }
  }

  @Override
  public String agentName() {
    return settings.name();
  }

  @Override
  public String listenAddress() {
    return listening.text();
  }

  @Override
  public Throttle throttle() {
    return throttle;
  }

  @Override
  public List<ReplicaStatus> volumes() {
    var statuses = new ArrayList<ReplicaStatus>();
    try {
      for (Map.Entry<String, VolumeHost> host : hosts.entrySet()) {
        statuses.add(host.getValue().status(agentOf(host.getKey())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return statuses;
  }

  private Optional<String> agentOf(String volume) throws IOException {
    return ledger
        .factsOf(volume)
        .agent()
        .flatMap(id -> registry.find(AgentId.parse(id)))
        .filter(agent -> !agent.isRevoked())
        .map(agent -> agent.name().text());
  }

  private boolean isListed(String agentId) {
    return registry.find(AgentId.parse(agentId)).filter(agent -> !agent.isRevoked()).isPresent();
  }

  @Override
  public List<AgentStatus> agents() {
    return registry.agents().stream()
        .filter(agent -> !agent.isRevoked())
        .map(this::statusOf)
        .toList();
  }

  private AgentStatus statusOf(RegisteredAgent agent) {
    AgentSession session = sessions.get(agent.id());
    boolean connected = session != null && session.isOpen();
    return new AgentStatus(
        agent.id().toString(),
        agent.name().toString(),
        agent.rights().roles().keySet().stream().map(VolumeName::toString).toList(),
        connected,
        Optional.ofNullable(agent.lastSeen()),
        session == null ? Optional.empty() : Optional.of(session.peer().expiresAt()),
        Optional.empty(),
        Optional.ofNullable(rivals.get(agent.id()))
            .filter(rival -> clock.instant().isBefore(rival.last().plus(RIVALS_SHOWN))));
  }

  /**
   * Takes up other volumes while it runs: those that are new are added, those that are gone are
   * ended; what lies in them stays.
   *
   * @throws IllegalArgumentException if a volume that stays has another root; nothing has changed
   *     then
   */
  public synchronized void configure(List<ReplicaSettings> volumes) throws InterruptedException {
    for (ReplicaSettings volume : volumes) {
      requireSame(volume);
    }
    Set<String> names = volumes.stream().map(ReplicaSettings::name).collect(Collectors.toSet());
    for (Map.Entry<String, VolumeHost> host : hosts.entrySet()) {
      if (!names.contains(host.getKey())) {
        hosts.remove(host.getKey());
        host.getValue().withdraw();
        LOG.info("volume {} was removed", host.getKey());
      }
    }
    for (ReplicaSettings volume : volumes) {
      // A second host would recover what a session is changing just now.
      if (!hosts.containsKey(volume.name())) {
        hosts.put(volume.name(), host(volume));
        LOG.info("volume {} was added", volume.name());
      }
    }
  }

  private void requireSame(ReplicaSettings volume) {
    VolumeHost known = hosts.get(volume.name());
    if (known != null && !known.root().equals(volume.root())) {
      throw new IllegalArgumentException(
          "volume %s has the root %s in the running agent"
              .formatted(volume.name(), Escaped.display(known.root().toString())));
    }
  }

  @Override
  public String invite(InviteRequest request) {
    Rights rights = Rights.NONE;
    for (String volume : request.volumes().isEmpty() ? unheldVolumes() : request.volumes()) {
      if (!hosts.containsKey(volume)) {
        throw new IllegalArgumentException(
            "this target has no volume %s, only %s"
                .formatted(Escaped.display(volume), String.join(", ", hosts.keySet())));
      }
      rights = rights.with(new VolumeName(volume), Role.SOURCE);
    }
    List<Address> addresses =
        request.addresses().isEmpty()
            ? listening.addresses()
            : request.addresses().stream().map(Address::parse).toList();
    try {
      return invitations
          .invite(
              new Invitations.Offer(
                  addresses,
                  settings.authority(),
                  request.agent().map(AgentName::new).orElse(null),
                  rights,
                  request.validFor()))
          .text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> unheldVolumes() {
    List<String> free =
        volumes().stream()
            .filter(volume -> volume.agent().isEmpty())
            .map(ReplicaStatus::name)
            .toList();
    if (free.isEmpty()) {
      throw new IllegalArgumentException(
          "every volume is brought by an agent already; name one with --volume");
    }
    return free;
  }

  @Override
  public boolean revoke(String agentNameOrId) {
    try {
      RegisteredAgent agent = registry.named(agentNameOrId);
      registry.revoke(agent.id());
      AgentSession session = sessions.get(agent.id());
      if (session != null) {
        session.end(
            new SessionEnd(
                SessionEnd.Cause.CLOSED_HERE,
                "agent-revoked",
                "%s was revoked on the target".formatted(agent.name()),
                "invite it again if it is to come back"));
      }
      return true;
    } catch (RefusedException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Ownership ownership(String volume) {
    return told(() -> ownership(hostOf(volume), Optional.empty()));
  }

  private Ownership ownership(VolumeHost host, Optional<String> unfinished) throws IOException {
    return host.ownership(agentOf(host.name()), unfinished);
  }

  @Override
  public Ownership release(String volume, String reason) {
    return told(() -> {
      VolumeHost host = hostOf(volume);
      Optional<String> unfinished = host.release(reason);
      LOG.warn("volume {} is released: no source may write to it", volume);
      return ownership(host, unfinished);
    });
  }

  @Override
  public Ownership reclaim(String volume, Optional<Instant> quietSince, Written written) {
    return told(() -> {
      VolumeHost host = hostOf(volume);
      if (!host.reclaim(quietSince, written)) {
        throw new IllegalArgumentException(
            "volume %s was released or reclaimed by somebody else meanwhile".formatted(volume));
      }
      LOG.warn("volume {} is reclaimed: its source may write to it again", volume);
      return ownership(host, Optional.empty());
    });
  }

  private VolumeHost hostOf(String volume) {
    VolumeHost host = hosts.get(volume);
    if (host == null) {
      throw new IllegalArgumentException("this target has no volume " + Escaped.display(volume));
    }
    return host;
  }

  /** Something about a volume, that waits for disks. */
  @FunctionalInterface
  private interface Deed {
    Ownership carryOut() throws IOException, InterruptedException;
  }

  private static Ownership told(Deed deed) {
    try {
      return deed.carryOut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("the agent stops"));
    }
  }

  /** Fences all volumes and closes the ledger; the acceptor has been closed before. */
  @Override
  public void close() throws IOException {
    try {
      for (VolumeHost host : hosts.values()) {
        host.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ledger.close();
  }
}
