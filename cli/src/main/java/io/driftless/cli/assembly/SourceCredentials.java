package io.driftless.cli.assembly;

import io.driftless.protocol.identity.Certificates;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.PrivateDirectory;
import io.driftless.protocol.identity.Renewal;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.wire.Session;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A source's certificate, which its target gives it anew at half of its life. Thread-safe. */
final class SourceCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(SourceCredentials.class);

  private final PrivateDirectory directory;
  private final SecureRandom random;
  private final InstantSource clock;
  private volatile Identity identity;

  SourceCredentials(PrivateDirectory directory, SecureRandom random, InstantSource clock)
      throws IOException {
    this.directory = directory;
    this.random = random;
    this.clock = clock;
    this.identity = Identity.load(directory);
  }

  Identity current() {
    return identity;
  }

  /** Reads again what is stored: a command may have joined anew meanwhile. Blocks on files. */
  synchronized void refresh() throws IOException {
    identity = Identity.load(directory);
  }

  boolean isDue() {
    return !clock.instant().isBefore(identity.renewAt());
  }

  /** The target then grants nothing but a renewal. */
  boolean hasExpired() {
    return clock.instant().isAfter(identity.expiresAt());
  }

  /** Asks the target for a new certificate; blocks on the network and on files. */
  synchronized void renew(Session session) throws IOException, InterruptedException {
    if (!isDue()) {
      return;
    }
    Renewal renewal = Renewal.begin(directory, identity, random, clock);
    Issued issued = session.renew(new Renew(Bytes.owning(renewal.request().der())));
    try {
      identity = renewal.complete(Certificates.parse(issued.leaf().toBytes()));
    } catch (CertificateException e) {
      throw new IOException("the target sent what is no certificate: " + e.getMessage(), e);
    }
    LOG.info("renewed this source's certificate until {}", identity.expiresAt());
  }
}
