package io.driftless.cli.assembly;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionDialer;
import io.driftless.source.agent.Dialer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials a target, and sees to it that the source's certificate never runs out while it is
 * connected.
 */
final class RenewingDialer implements Dialer {
  private static final Logger LOG = LoggerFactory.getLogger(RenewingDialer.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(10);

  private final SessionDialer dialer;
  private final List<Address> addresses;
  private final int lanes;
  private final SourceCredentials credentials;

  RenewingDialer(
      SessionDialer dialer, List<Address> addresses, int lanes, SourceCredentials credentials) {
    this.dialer = dialer;
    this.addresses = List.copyOf(addresses);
    this.lanes = lanes;
    this.credentials = credentials;
  }

  @Override
  public Session dial() throws IOException, InterruptedException {
    credentials.refresh();
    if (credentials.hasExpired()) {
      try (Session restricted = dialer.dial(addresses, 1)) {
        credentials.renew(restricted);
      }
    }
    Session session = dialer.dial(addresses, lanes);
    Thread.ofVirtual().name("renewal").start(() -> renewWhileOpen(session));
    return session;
  }

  private void renewWhileOpen(Session session) {
    try {
      while (session.isOpen()) {
        if (credentials.isDue()) {
          credentials.renew(session);
        }
        Thread.sleep(LOOK_EVERY);
      }
    } catch (IOException e) {
      LOG.warn("the certificate was not renewed, another attempt follows: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
