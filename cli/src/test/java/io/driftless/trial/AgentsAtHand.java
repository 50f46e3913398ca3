package io.driftless.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.metrics.SourceMetrics;
import io.driftless.protocol.filter.Filter;
import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.EphemeralPair;
import io.driftless.protocol.identity.Invitations;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.linux.Priority;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.pace.DiskPace;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.EnrolmentDesk;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionAcceptor;
import io.driftless.protocol.wire.SessionDialer;
import io.driftless.protocol.wire.Transport;
import io.driftless.source.agent.SourceAgent;
import io.driftless.source.agent.VolumeSettings;
import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.SourceControl.UnknownVolumeException;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.state.PassArchive;
import io.driftless.source.watch.Watcher;
import io.driftless.target.agent.ReplicaSettings;
import io.driftless.target.agent.ReplicaSettings.Mounting;
import io.driftless.target.agent.TargetAgent;
import io.driftless.target.session.Shared;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * Both agents in this process, over mutual TLS on loopback, for trials that stand between them; the
 * target follows.
 */
final class AgentsAtHand implements AutoCloseable {
  private static final String VOLUME = "www";
  private static final String TARGET = "new";
  private static final PassRequest DELETING =
      new PassRequest(
          Compare.METADATA,
          Effect.APPLY,
          Deletes.ALLOWED,
          Long.MAX_VALUE,
          Excluded.PROTECTED,
          TreePath.ROOT);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A target clears it for its process, which other trials share. */
  private final int umask = ThisProcess.setUmask(0);

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Path from;
  private final Path to;
  private final Path home;
  private final EphemeralPair pair =
      EphemeralPair.create(Rights.of(new VolumeName(VOLUME), Role.SOURCE), random, clock);
  private final TlsContexts tls = new TlsContexts(TlsProvider.best(), clock);
  private final SourceAgent source;
  private final List<SourceAgent.Target> targets;

  /**
   * Starts both.
   *
   * @param windows that the target grants
   * @param between stands between each session and the source
   */
  AgentsAtHand(Path from, Path to, Path scratch, Windows windows, UnaryOperator<Session> between)
      throws IOException {
    this.from = from;
    this.to = to;
    this.home = Files.createDirectory(scratch.resolve("home"));
    InetSocketAddress at = startTarget(windows);
    var transport = opened(new Transport(new Transport.Options("trial", "old"), tls));
    var dialer = new SessionDialer(transport, pair::source);
    List<Address> addresses = List.of(new Address(at.getAddress().getHostAddress(), at.getPort()));
    PassArchive archive = PassArchive.open(home.resolve("source.db"));
    this.source =
        opened(new SourceAgent("old", archive, Watcher.start(), Throttle.open(), clock, random));
    this.targets =
        List.of(
            new SourceAgent.Target(
                TARGET,
                addresses.getFirst().toString(),
                () -> between.apply(dialer.dial(addresses, 2))));
    source.configure(targets, List.of(volume(true)));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  private VolumeSettings volume(boolean replicate) {
    return new VolumeSettings(
        VOLUME,
        from,
        TARGET,
        Filter.NONE,
        List.of(),
        Owners.NUMERIC,
        List.of(),
        home,
        Optional.of(home.resolve("source-witnesses.db")),
        DiskPace.unlimited(),
        Priority.NORMAL,
        replicate,
        1);
  }

  private InetSocketAddress startTarget(Windows windows) throws IOException {
    var replica =
        new ReplicaSettings(
            VOLUME,
            to,
            Mounting.PLAIN_DIRECTORY,
            windows,
            Optional.of(home.resolve("target-witnesses.db")),
            Shared.unlimited());
    var settings =
        new TargetAgent.Settings(TARGET, pair.target().authorityHash(), List.of(replica));
    VolumeLedger ledger = VolumeLedger.open(home.resolve("target.db"), clock, random);
    TargetAgent target =
        opened(
            new TargetAgent(
                settings,
                pair.registry(),
                Invitations.inMemory(random, clock),
                ledger,
                Throttle.open(),
                clock));
    var transport = opened(new Transport(new Transport.Options("trial", TARGET), tls));
    return opened(
            SessionAcceptor.bind(
                transport,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new SessionAcceptor.Office(
                    pair::target, pair.registry()::admit, EnrolmentDesk.CLOSED, target)))
        .address();
  }

  VolumeStatus volumeNow() {
    return source.volumes().getFirst();
  }

  /** Lets it be watched anew: what has changed before that nobody can tell, so a pass has to. */
  void bringIntoDoubt() throws IOException {
    source.configure(targets, List.of(volume(false)));
    source.configure(targets, List.of(volume(true)));
  }

  void assertEqual() {
    Judge.assertAlike(from, to);
  }

  /** What has changed since is noticed, and not shipped before {@link #resume}. */
  void pause() throws UnknownVolumeException {
    source.pause(VOLUME, Instant.MAX);
  }

  void resume() throws UnknownVolumeException {
    source.resume(VOLUME);
  }

  /** Waits until something has been noticed. */
  void awaitDirty() {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> volumeNow().replication().orElseThrow().dirtyEntries() > 0);
  }

  /** As Prometheus reads them, by name and labels. */
  Map<String, Double> metrics() {
    var metrics = new HashMap<String, Double>();
    for (String line : SourceMetrics.text(source, "trial").lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (!line.startsWith("#")) {
        String value = line.substring(space + 1).replace("Inf", "Infinity");
        metrics.put(line.substring(0, space), Double.valueOf(value));
      }
    }
    return metrics;
  }

  /** Number of the last pass, 0 before the first one has ended. */
  long lastPass() {
    return volumeNow().lastPass().map(pass -> pass.pass()).orElse(0L);
  }

  /**
   * Waits until the target has everything, as far as the source knows. Deletions that a guard
   * holds, as they are many for so small a tree, are allowed.
   */
  void awaitQuiet() throws UnknownVolumeException, InterruptedException {
    while (isHeld(awaitQuietOrHeld())) {
      source.awaitEnd(VOLUME, source.requestPass(VOLUME, DELETING), PATIENCE);
    }
  }

  private VolumeStatus awaitQuietOrHeld() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(this::volumeNow, volume -> isQuiet(volume) || isHeld(volume));
  }

  private static boolean isHeld(VolumeStatus volume) {
    return volume.state() == VolumeStatus.State.HELD;
  }

  private static boolean isQuiet(VolumeStatus volume) {
    ReplicationStatus now = volume.replication().orElseThrow();
    return volume.state() == VolumeStatus.State.REPLICATING
        && volume.running().isEmpty()
        && now.dirtyEntries() == 0
        && now.doubt().isEmpty()
        && now.lag().filter(Duration.ZERO::equals).isPresent();
  }

  void assertBarrierIsReached() throws UnknownVolumeException {
    long number = source.barrier(List.of(VOLUME), PATIENCE);
    BarrierStatus ended =
        Awaitility.await()
            .atMost(PATIENCE.plusSeconds(5))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .until(
                () -> source.barrier(number).orElseThrow(),
                barrier -> barrier.state() != BarrierStatus.State.WAITING);
    assertThat(ended.state()).as(ended.toString()).isEqualTo(BarrierStatus.State.REACHED);
  }

  @Override
  public void close() throws Exception {
    Exception failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failure = e;
      }
    }
    ThisProcess.setUmask(umask);
    if (failure != null) {
      throw failure;
    }
  }
}
