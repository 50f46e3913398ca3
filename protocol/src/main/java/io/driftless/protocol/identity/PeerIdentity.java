package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who is at the other end of a connection, as TLS has proved. Not yet whether it may stay.
 *
 * @param subject its id, name and role
 * @param key the key that it used
 * @param expiresAt the end of its leaf
 * @param standing what the leaf is good for at the moment of asking
 */
public record PeerIdentity(Subject subject, KeyHash key, Instant expiresAt, Standing standing) {
  /** What a leaf that was accepted by TLS is good for. */
  public enum Standing {
    VALID,
    /** It has ended, but not long ago: it may be renewed, and nothing else. */
    EXPIRED_BUT_RENEWABLE
  }

  /**
   * The peer of a session whose handshake is complete.
   *
   * @throws RefusedException if it showed no certificate
   */
  public static PeerIdentity of(SSLSession session, Instant now) throws RefusedException {
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length == 0 || !(chain[0] instanceof X509Certificate leaf)) {
        throw missing();
      }
      return of(leaf, now);
    } catch (SSLPeerUnverifiedException e) {
      throw missing();
    }
  }

  static PeerIdentity of(X509Certificate leaf, Instant now) throws RefusedException {
    Instant until = leaf.getNotAfter().toInstant();
    return new PeerIdentity(
        Subject.of(leaf),
        KeyHash.of(leaf.getPublicKey()),
        until,
        now.isAfter(until) ? Standing.EXPIRED_BUT_RENEWABLE : Standing.VALID);
  }

  public AgentId id() {
    return subject.id();
  }

  public AgentName name() {
    return subject.name();
  }

  public Role role() {
    return subject.role();
  }

  private static RefusedException missing() {
    return new RefusedException(
        Reason.CERTIFICATE_MISSING,
        "the peer showed no certificate",
        "let it join with a token of this target first");
  }
}
