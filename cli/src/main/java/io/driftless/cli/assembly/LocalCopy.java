package io.driftless.cli.assembly;

import io.driftless.cli.daemon.CopyDaemon;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.EphemeralPair;
import io.driftless.protocol.identity.Invitations;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.linux.Priority;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.pace.DiskPace;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.wire.EnrolmentDesk;
import io.driftless.protocol.wire.SessionAcceptor;
import io.driftless.protocol.wire.SessionDialer;
import io.driftless.protocol.wire.Transport;
import io.driftless.source.agent.SourceAgent;
import io.driftless.source.agent.VolumeSettings;
import io.driftless.source.session.SourceControl;
import io.driftless.source.state.PassArchive;
import io.driftless.source.watch.Watcher;
import io.driftless.target.agent.ReplicaSettings;
import io.driftless.target.agent.ReplicaSettings.Mounting;
import io.driftless.target.agent.TargetAgent;
import io.driftless.target.session.ReplicaOptions;
import io.driftless.target.session.Shared;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts both agents together in one process, over mutual TLS on loopback, with identities that
 * nobody else has.
 */
final class LocalCopy implements CopyDaemon {
  private static final int LANES = 2;

  private final String version;
  private final SecureRandom random;
  private final InstantSource clock;

  LocalCopy(String version, SecureRandom random, InstantSource clock) {
    this.version = version;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public RunningAgent<SourceControl> start(CopyRequest request) throws IOException {
    var closing = new Closing();
    try {
      return new Running<>(assemble(request, closing), () -> {}, closing);
    } catch (IOException | RuntimeException failure) {
      closing.close();
      throw failure;
    }
  }

  private SourceControl assemble(CopyRequest request, Closing closing) throws IOException {
    Path home = Files.createTempDirectory("driftless-copy-");
    closing.add(() -> removeTree(home));
    EphemeralPair pair =
        EphemeralPair.create(Rights.of(new VolumeName(VOLUME), Role.SOURCE), random, clock);
    var tls = new TlsContexts(TlsProvider.best(), clock);
    SessionAcceptor acceptor = target(request, home, pair, tls, closing);
    Transport transport = closing.add(new Transport(new Transport.Options(version, AGENT), tls));
    var dialer = new SessionDialer(transport, pair::source);
    InetSocketAddress at = acceptor.address();
    List<Address> addresses = List.of(new Address(at.getAddress().getHostAddress(), at.getPort()));
    var volume =
        new VolumeSettings(
            VOLUME,
            request.source(),
            AGENT,
            LiveSource.filter(request.exclude(), LiveSource.numbered("command line")),
            request.exclude(),
            Owners.NUMERIC,
            List.of(home, request.target()),
            home,
            Optional.empty(),
            DiskPace.unlimited(),
            Priority.NORMAL,
            request.follow(),
            1);
    PassArchive archive = PassArchive.open(home.resolve("source.db"));
    SourceAgent agent =
        closing.add(
            new SourceAgent(AGENT, archive, Watcher.start(), Throttle.open(), clock, random));
    var partner =
        new SourceAgent.Target(
            AGENT, addresses.getFirst().toString(), () -> dialer.dial(addresses, LANES));
    agent.configure(List.of(partner), List.of(volume));
    return agent;
  }

  private SessionAcceptor target(
      CopyRequest request, Path home, EphemeralPair pair, TlsContexts tls, Closing closing)
      throws IOException {
    var settings =
        new TargetAgent.Settings(
            AGENT,
            pair.target().authorityHash(),
            List.of(
                new ReplicaSettings(
                    VOLUME,
                    request.target(),
                    Mounting.PLAIN_DIRECTORY,
                    ReplicaOptions.USUAL_WINDOWS,
                    Optional.empty(),
                    Shared.unlimited())));
    VolumeLedger ledger = VolumeLedger.open(home.resolve("target.db"), clock, random);
    TargetAgent agent =
        closing.add(
            new TargetAgent(
                settings,
                pair.registry(),
                Invitations.inMemory(random, clock),
                ledger,
                Throttle.open(),
                clock));
    Transport transport = closing.add(new Transport(new Transport.Options(version, AGENT), tls));
    return closing.add(
        SessionAcceptor.bind(
            transport,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new SessionAcceptor.Office(
                pair::target, pair.registry()::admit, EnrolmentDesk.CLOSED, agent)));
  }

  private static void removeTree(Path home) throws IOException {
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
