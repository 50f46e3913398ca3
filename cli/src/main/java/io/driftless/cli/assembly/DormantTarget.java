package io.driftless.cli.assembly;

import io.driftless.cli.config.TargetConfig;
import io.driftless.cli.daemon.IdleTarget;
import io.driftless.cli.daemon.RunningAgent;
import io.driftless.cli.home.Home;
import io.driftless.protocol.identity.AgentRegistry;
import io.driftless.protocol.identity.Authority;
import io.driftless.protocol.identity.Invitations;
import io.driftless.protocol.identity.PrivateDirectory;
import io.driftless.protocol.pace.Throttle;
import io.driftless.target.agent.TargetAgent;
import io.driftless.target.session.Release;
import io.driftless.target.session.Shared;
import io.driftless.target.session.TargetControl;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/** A target agent without a door. */
final class DormantTarget implements IdleTarget {
  private final SecureRandom random;
  private final InstantSource clock;

  DormantTarget(SecureRandom random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  @Override
  public RunningAgent<TargetControl> open(TargetConfig config, Home home) throws IOException {
    PrivateDirectory directory = PrivateDirectory.open(home.identity());
    var settings =
        new TargetAgent.Settings(
            config.name(),
            Authority.load(directory, random, clock).keyHash(),
            LiveTarget.replicas(config, home, Shared.unlimited()));
    AgentRegistry registry = AgentRegistry.in(directory, clock);
    Invitations invitations = Invitations.in(directory, random, clock);
    var closing = new Closing();
    TargetAgent agent =
        closing.add(
            new TargetAgent(
                settings,
                registry,
                invitations,
                VolumeLedger.open(home.database(), clock, random),
                Throttle.open(),
                clock));
    return new Running<>(agent, () -> {}, closing);
  }

  @Override
  public Map<String, Release> releases(Home home) throws IOException {
    if (!Files.exists(home.database())) {
      return Map.of();
    }
    try (VolumeLedger ledger = VolumeLedger.open(home.database(), clock, random)) {
      return ledger.releases();
    }
  }
}
