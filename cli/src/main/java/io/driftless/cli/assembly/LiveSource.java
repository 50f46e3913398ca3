package io.driftless.cli.assembly;

import io.driftless.cli.alarm.AlarmProgram;
import io.driftless.cli.alarm.LagAlarm;
import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.SourceConfig;
import io.driftless.cli.config.VolumeConfig;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.daemon.SourceDaemon;
import io.driftless.cli.home.Home;
import io.driftless.protocol.filter.Filter;
import io.driftless.protocol.filter.FilterRule;
import io.driftless.protocol.filter.Origin;
import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.PrivateDirectory;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.pace.DiskPace;
import io.driftless.protocol.pace.Throttle;
import io.driftless.protocol.pace.Time;
import io.driftless.protocol.wire.SessionDialer;
import io.driftless.protocol.wire.Transport;
import io.driftless.source.agent.SourceAgent;
import io.driftless.source.agent.VolumeSettings;
import io.driftless.source.session.SourceControl;
import io.driftless.source.state.PassArchive;
import io.driftless.source.watch.Watcher;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a source agent together. */
final class LiveSource implements SourceDaemon {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSource.class);

  private final String version;
  private final SecureRandom random;
  private final InstantSource clock;

  LiveSource(String version, SecureRandom random, InstantSource clock) {
    this.version = version;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public RunningAgent<SourceControl> start(SourceConfig config, Home home) throws IOException {
    var closing = new Closing();
    try {
      DiskPace pace = DiskPace.of(Time.SYSTEM);
      TlsProvider tls = TlsProvider.best();
      Transport transport =
          closing.add(
              new Transport(
                  new Transport.Options(version, config.name()), new TlsContexts(tls, clock)));
      Throttle throttle =
          closing.add(AgentThrottle.start(config.throttle(), home, transport, pace, clock));
      PassArchive archive = PassArchive.open(home.database());
      SourceAgent agent =
          closing.add(
              new SourceAgent(config.name(), archive, Watcher.start(), throttle, clock, random));
      agent.configure(targets(config, home, transport), volumes(config, home, pace));
      var alarm =
          closing.add(new LagAlarm(config.name(), agent::volumes, new AlarmProgram()::tell));
      alarm.become(Configuration.read(home).alarm());
      alarm.start();
      LOG.info("source {} with {} volumes, TLS by {}", config.name(), config.volumes().size(), tls);
      return new Running<>(
          agent,
          () -> {
            reload(config, home, transport, agent, pace);
            alarm.become(Configuration.read(home).alarm());
          },
          closing);
    } catch (IOException | RuntimeException failure) {
      closing.close();
      throw failure;
    }
  }

  private void reload(
      SourceConfig started, Home home, Transport transport, SourceAgent agent, DiskPace pace)
      throws IOException {
    SourceConfig config = Configuration.read(home).source();
    if (!config.name().equals(started.name()) || config.lanes() != started.lanes()) {
      throw Restart.needed("name and lanes");
    }
    agent.configure(targets(config, home, transport), volumes(config, home, pace));
    agent.throttle().follow(config.throttle().calendar(), config.throttle().yields());
    LOG.info("took up the configuration: {} volumes", config.volumes().size());
  }

  private List<SourceAgent.Target> targets(SourceConfig config, Home home, Transport transport)
      throws IOException {
    PrivateDirectory identities = PrivateDirectory.open(home.identity());
    var targets = new ArrayList<SourceAgent.Target>();
    for (Map.Entry<String, List<String>> target : config.targets().entrySet()) {
      List<Address> addresses = target.getValue().stream().map(Address::parse).toList();
      var credentials = new SourceCredentials(identities.child(target.getKey()), random, clock);
      var dialer = new SessionDialer(transport, credentials::current);
      targets.add(
          new SourceAgent.Target(
              target.getKey(),
              String.join(", ", target.getValue()),
              new RenewingDialer(dialer, addresses, config.lanes(), credentials)));
    }
    return targets;
  }

  private static List<VolumeSettings> volumes(SourceConfig config, Home home, DiskPace pace)
      throws IOException {
    Configuration written = Configuration.read(home);
    return config.volumes().stream()
        .map(volume -> settings(config, volume, written.patternOrigins(volume.name()), home, pace))
        .toList();
  }

  private static VolumeSettings settings(
      SourceConfig config,
      VolumeConfig.Outgoing volume,
      List<Origin> origins,
      Home home,
      DiskPace pace) {
    return new VolumeSettings(
        volume.name(),
        volume.root(),
        volume.target(),
        origins.size() == volume.exclude().size()
            ? filter(volume.exclude(), origins::get)
            : filter(volume.exclude(), numbered("configuration of " + volume.name())),
        volume.exclude(),
        switch (volume.owners()) {
          case NUMERIC -> Owners.NUMERIC;
          case NAME -> Owners.BY_NAME;
        },
        home.ownPlaces(),
        home.state(),
        Optional.of(home.witnesses(volume.name())),
        pace,
        config.throttle().priority(),
        volume.replicate(),
        volume.weight());
  }

  /** Where patterns stand that are counted in their order. */
  static IntFunction<Origin> numbered(String source) {
    return index -> new Origin(source, index + 1);
  }

  static Filter filter(List<String> patterns, IntFunction<Origin> origins) {
    var rules = new ArrayList<FilterRule>();
    for (int i = 0; i < patterns.size(); i++) {
      rules.add(FilterRule.parse(patterns.get(i), origins.apply(i)));
    }
    return rules.isEmpty() ? Filter.NONE : Filter.of(rules);
  }
}
