package io.driftless.cli.assembly;

import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.config.VolumeConfig;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.daemon.TargetDaemon;
import io.driftless.cli.home.Home;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.identity.Admission;
import io.driftless.protocol.identity.AgentId;
import io.driftless.protocol.identity.AgentRegistry;
import io.driftless.protocol.identity.Authority;
import io.driftless.protocol.identity.Invitations;
import io.driftless.protocol.identity.PrivateDirectory;
import io.driftless.protocol.identity.Registrar;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.pace.DiskPace;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.pace.Time;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.wire.AgentSession;
import io.driftless.protocol.wire.RegistrarDesk;
import io.driftless.protocol.wire.SessionAcceptor;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.wire.Transport;
import io.driftless.target.agent.ReplicaSettings;
import io.driftless.target.agent.ReplicaSettings.Mounting;
import io.driftless.target.agent.TargetAgent;
import io.driftless.target.session.PassTurns;
import io.driftless.target.session.ReplicaOptions;
import io.driftless.target.session.Shared;
import io.driftless.target.session.TargetControl;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a target agent together. */
final class LiveTarget implements TargetDaemon {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTarget.class);

  /** How often the list of agents is read again, so that a change by hand is heeded in time. */
  private static final Duration LOOK_AT_REGISTRY_EVERY = Duration.ofSeconds(2);

  private final String version;
  private final SecureRandom random;
  private final InstantSource clock;

  LiveTarget(String version, SecureRandom random, InstantSource clock) {
    this.version = version;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public RunningAgent<TargetControl> start(TargetConfig config, Home home) throws IOException {
    var closing = new Closing();
    try {
      var shared = new Shared(new TokenBucket(Time.SYSTEM), new PassTurns(config.passes()));
      TargetAgent agent = assemble(config, home, shared, closing);
      return new Running<>(agent, () -> reload(config, home, agent, shared), closing);
    } catch (IOException | RuntimeException failure) {
      closing.close();
      throw failure;
    }
  }

  private TargetAgent assemble(TargetConfig config, Home home, Shared shared, Closing closing)
      throws IOException {
    PrivateDirectory directory = PrivateDirectory.open(home.identity());
    Authority authority = Authority.load(directory, random, clock);
    AgentRegistry registry = AgentRegistry.in(directory, clock);
    Invitations invitations = Invitations.in(directory, random, clock);
    var credentials = new TargetCredentials(directory, authority, clock);
    var settings =
        new TargetAgent.Settings(
            config.name(), authority.keyHash(), replicas(config, home, shared));
    VolumeLedger ledger = VolumeLedger.open(home.database(), clock, random);
    TlsProvider tls = TlsProvider.best();
    Transport transport =
        closing.add(
            new Transport(
                new Transport.Options(version, config.name()), new TlsContexts(tls, clock)));
    Throttle throttle =
        closing.add(
            AgentThrottle.start(
                config.throttle(),
                home,
                transport,
                new DiskPace(shared.disk(), TokenBucket.unlimited()),
                clock));
    TargetAgent agent =
        closing.add(new TargetAgent(settings, registry, invitations, ledger, throttle, clock));
    var office =
        new RegistrarDesk(
            new Registrar(authority, registry, invitations, random, clock), credentials::current);
    SessionAcceptor acceptor =
        closing.add(
            SessionAcceptor.bind(
                transport,
                ListenAddress.parse(config.listen()),
                new SessionAcceptor.Office(credentials::current, registry::admit, office, agent)));
    InetSocketAddress listening = acceptor.address();
    agent.listens(
        ReachableAddresses.of(listening), listening.getHostString() + ":" + listening.getPort());
    closing.add(registry.subscribe(id -> admitAgain(id, acceptor, registry))::close);
    closing.add(caretaker(registry, credentials));
    LOG.info("listening on {}, TLS by {}", listening, tls);
    return agent;
  }

  private static void reload(TargetConfig started, Home home, TargetAgent agent, Shared shared)
      throws IOException {
    TargetConfig config = Configuration.read(home).target();
    if (!config.name().equals(started.name()) || !config.listen().equals(started.listen())) {
      throw Restart.needed("name and listen");
    }
    try {
      agent.configure(replicas(config, home, shared));
      shared.turns().limitTo(config.passes());
      agent.throttle().follow(config.throttle().calendar(), config.throttle().yields());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "volume-exists",
          String.valueOf(e.getMessage()),
          "restart the agent to move it, or choose another name");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("reload");
    }
    LOG.info("took up the configuration: {} volumes", config.volumes().size());
  }

  static List<ReplicaSettings> replicas(TargetConfig config, Home home, Shared shared) {
    return config.volumes().stream().map(volume -> replica(volume, home, shared)).toList();
  }

  private static ReplicaSettings replica(VolumeConfig.Incoming volume, Home home, Shared shared) {
    return new ReplicaSettings(
        volume.name(),
        volume.root(),
        volume.mounted() ? Mounting.MOUNT_POINT : Mounting.PLAIN_DIRECTORY,
        ReplicaOptions.USUAL_WINDOWS,
        Optional.of(home.witnesses(volume.name())),
        shared);
  }

  /** An agent has changed: it was revoked, or another has enrolled in its place. */
  private static void admitAgain(AgentId id, SessionAcceptor acceptor, AgentRegistry registry) {
    for (AgentSession session : acceptor.sessions()) {
      if (session.peer().id().equals(id)
          && registry.admit(session.peer()) instanceof Admission.Refused(var refusal)) {
        session.end(
            new SessionEnd(
                SessionEnd.Cause.CLOSED_HERE, refusal.slug(), refusal.what(), refusal.next()));
      }
    }
  }

  /** Looks after what changes by itself: the list of agents on disk, and our own certificate. */
  private static AutoCloseable caretaker(AgentRegistry registry, TargetCredentials credentials) {
    Thread thread =
        Thread.ofVirtual()
            .name("caretaker")
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(LOOK_AT_REGISTRY_EVERY);
                  look(registry, credentials);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return thread::interrupt;
  }

  private static void look(AgentRegistry registry, TargetCredentials credentials) {
    try {
      registry.refresh();
      credentials.renewIfDue();
    } catch (IOException e) {
      LOG.error("the identity directory can't be read or written: {}", e.getMessage());
    }
  }
}
