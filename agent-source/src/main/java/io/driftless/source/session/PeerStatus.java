package io.driftless.source.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The connection to a target.
 *
 * @param since when it was connected, or when it was lost
 * @param retryAt when the next attempt is made, while not connected
 */
public record PeerStatus(
    String name,
    String address,
    Connection connection,
    Instant since,
    Optional<String> lastError,
    Optional<Instant> retryAt,
    String version,
    String tlsProvider,
    Duration clockSkew,
    Optional<Instant> certificateExpiresAt) {

  public enum Connection {
    CONNECTED,
    CONNECTING,
    DISCONNECTED
  }
}
