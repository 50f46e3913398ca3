package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * An agent that enrols with a token. Its key is made here and stays here.
 *
 * <p>Connect with {@link TlsContexts#joiner}: its handshake fails unless the target shows the
 * authority of the token, so nothing is ever sent to anybody else. Nothing is stored until {@link
 * #accept} has returned. Immutable; safe for concurrent use.
 */
public final class Joiner {
  private final Token token;
  private final AgentKey key;
  private final SigningRequest request;
  private final List<VolumeName> volumes;
  private final InstantSource clock;

  /** What an agent would like to be called, and the volumes that it wants to bring. */
  public record Wish(AgentName name, List<VolumeName> volumes) {
    public Wish {
      volumes = List.copyOf(volumes);
    }
  }

  public Joiner(Token token, Wish wish, SecureRandom random, InstantSource clock) {
    this.token = token;
    this.volumes = wish.volumes();
    this.key = AgentKey.generate(random);
    this.request = SigningRequest.make(key, wish.name());
    this.clock = clock;
  }

  /**
   * What to send, once the target has sent its nonce.
   *
   * @param session the connection to the target, after its handshake
   * @throws RefusedException if the peer hasn't shown the authority of the token
   */
  public EnrolmentRequest request(SSLSession session, Word256 nonce) throws IOException {
    return request(chain(session), nonce);
  }

  EnrolmentRequest request(X509Certificate[] chain, Word256 nonce) throws RefusedException {
    // TLS has checked this with the same code; the proof must not depend on how it was set up.
    new ChainCheck(token.authority(), Role.TARGET, ChainCheck.Expired.REFUSED, clock)
        .check(chain, Authority.SERVER_AUTH);
    KeyHash server = KeyHash.of(chain[0].getPublicKey());
    return EnrolmentRequest.make(
        token, request, volumes, new EnrolmentBinding(token.authority(), server, nonce));
  }

  /**
   * Makes the identity of what the target answered; the caller stores it.
   *
   * @throws RefusedException if the certificate isn't for our key, or not of the token's authority
   */
  public Identity accept(X509Certificate authority, X509Certificate leaf) throws RefusedException {
    new ChainCheck(token.authority(), Role.SOURCE, ChainCheck.Expired.REFUSED, clock)
        .check(new X509Certificate[] {leaf, authority}, Authority.CLIENT_AUTH);
    if (!KeyHash.of(leaf.getPublicKey()).equals(key.hash())) {
      throw new RefusedException(
          Reason.CERTIFICATE_REFUSED,
          "the target sent a certificate for another key",
          "use the same version of driftless on both hosts");
    }
    return new Identity(key, leaf, authority);
  }

  private static X509Certificate[] chain(SSLSession session) throws SSLPeerUnverifiedException {
    Certificate[] shown = session.getPeerCertificates();
    X509Certificate[] chain = new X509Certificate[shown.length];
    for (int i = 0; i < shown.length; i++) {
      chain[i] = (X509Certificate) shown[i];
    }
    return chain;
  }
}
