package io.driftless.cli.assembly;

import io.driftless.cli.daemon.TargetFounding;
import io.driftless.cli.home.Home;
import io.driftless.protocol.identity.AgentId;
import io.driftless.protocol.identity.AgentName;
import io.driftless.protocol.identity.Authority;
import io.driftless.protocol.identity.PrivateDirectory;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.Subject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Makes an authority and the first certificate of its target. */
final class Founding implements TargetFounding {
  private final SecureRandom random;
  private final InstantSource clock;

  Founding(SecureRandom random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  @Override
  public void found(Home home, String name) throws IOException {
    PrivateDirectory directory = PrivateDirectory.create(home.identity());
    Authority authority = Authority.create(random, clock);
    authority.store(directory);
    var subject = new Subject(AgentId.random(random), new AgentName(name), Role.TARGET);
    authority.newIdentity(subject).store(directory);
  }
}
