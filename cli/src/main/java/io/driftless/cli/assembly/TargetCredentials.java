package io.driftless.cli.assembly;

import io.driftless.protocol.identity.Authority;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.PrivateDirectory;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A target's own certificate, which it gives itself anew at half of its life. Thread-safe. */
final class TargetCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(TargetCredentials.class);

  private final PrivateDirectory directory;
  private final Authority authority;
  private final InstantSource clock;
  private volatile Identity identity;

  TargetCredentials(PrivateDirectory directory, Authority authority, InstantSource clock)
      throws IOException {
    this.directory = directory;
    this.authority = authority;
    this.clock = clock;
    this.identity = Identity.load(directory);
    renewIfDue();
  }

  Identity current() {
    return identity;
  }

  /** Blocks on files. */
  synchronized void renewIfDue() throws IOException {
    Instant now = clock.instant();
    if (now.isBefore(identity.renewAt())) {
      return;
    }
    Identity renewed = authority.newIdentity(identity.subject());
    renewed.store(directory);
    identity = renewed;
    LOG.info("renewed this target's certificate until {}", renewed.expiresAt());
  }
}
