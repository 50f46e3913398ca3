package io.driftless.protocol.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets TLS trust what a {@link ChainCheck} accepts, and nothing else: no system roots, no host
 * names.
 *
 * <p>The extended class, since a plain trust manager would be wrapped by the JDK in checks of its
 * own, which know nothing of renewal after the end. A refusal is the cause of the exception.
 */
final class AuthorityTrust extends X509ExtendedTrustManager {
  private final ChainCheck check;

  AuthorityTrust(ChainCheck check) {
    this.check = check;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    require(chain, Authority.CLIENT_AUTH);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    require(chain, Authority.SERVER_AUTH);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    require(chain, Authority.CLIENT_AUTH);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    require(chain, Authority.SERVER_AUTH);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    require(chain, Authority.CLIENT_AUTH);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    require(chain, Authority.SERVER_AUTH);
  }

  private void require(X509Certificate[] chain, String purpose) throws CertificateException {
    try {
      check.check(chain, purpose);
    } catch (RefusedException e) {
      throw new CertificateException(e.getMessage(), e);
    } catch (RuntimeException e) {
      // Whatever a hostile certificate does to a parser, the answer is no.
      throw new CertificateException("the peer's certificate can't be parsed", e);
    }
  }

  /** None: both providers send them as hints only, and every agent has just one certificate. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
