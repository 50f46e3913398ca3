package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What sort of peer a target has on a new connection, once the handshake is complete. */
public sealed interface Peer {
  /** An agent with a certificate of our authority; ask {@link AgentRegistry#admit} about it. */
  record Agent(PeerIdentity identity) implements Peer {}

  /** Somebody without a certificate: enrolment, and nothing else. */
  record Joiner() implements Peer {}

  /** What an agent with a certificate negotiates by ALPN. */
  String SESSION_PROTOCOL = "driftless/1";

  /** What a joining agent negotiates by ALPN. */
  String ENROLMENT_PROTOCOL = "driftless-enrol/1";

  /*
   * Why one port can serve both. TLS asks every client for a certificate but can't insist, for a
   * joiner has none. (Insisting for one protocol only would need the ClientHello to be parsed
   * before TLS sees it, the same in both providers: more code before authentication, not less.)
   * A certificate that is shown is always checked, and a bad one ends the handshake. What is left
   * are two facts, certificate and protocol, that have to agree; everything else, the absence of a
   * protocol included, is refused here. A session needs a PeerIdentity, and there is no way to one
   * without a certificate.
   */

  /**
   * Tells joiners and agents apart, and refuses what is neither.
   *
   * @param protocol what was negotiated by ALPN, null if nothing was
   * @throws RefusedException if the connection must be closed
   */
  static Peer of(SSLSession session, @Nullable String protocol, Instant now)
      throws RefusedException {
    if (SESSION_PROTOCOL.equals(protocol)) {
      return new Agent(PeerIdentity.of(session, now));
    }
    if (!ENROLMENT_PROTOCOL.equals(protocol)) {
      throw new RefusedException(
          Reason.OTHER_PROTOCOL,
          "the peer speaks neither %s nor %s".formatted(SESSION_PROTOCOL, ENROLMENT_PROTOCOL),
          "use the same version of driftless on both hosts");
    }
    if (showedCertificate(session)) {
      throw new RefusedException(
          Reason.OTHER_PROTOCOL,
          "the peer wants to enrol although it has a certificate",
          "renew through a session instead");
    }
    return new Joiner();
  }

  private static boolean showedCertificate(SSLSession session) {
    try {
      return session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }
}
