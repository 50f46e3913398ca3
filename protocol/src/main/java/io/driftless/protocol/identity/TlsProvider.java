package io.driftless.protocol.identity;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/**
 * Which implementation of TLS a process uses; both ends announce theirs.
 *
 * <p>It matters to the peer: a JDK that receives from BoringSSL has to replace its connection
 * before 2^37 bytes (JDK-8329548).
 */
public enum TlsProvider {
  BORINGSSL(SslProvider.OPENSSL_REFCNT),
  JDK(SslProvider.JDK);

  /** The system property that insists on one of them: {@code boringssl} or {@code jdk}. */
  public static final String PROPERTY = "driftless.tls.provider";

  private final SslProvider netty;

  TlsProvider(SslProvider netty) {
    this.netty = netty;
  }

  /**
   * The fastest that loads on this host, unless {@value #PROPERTY} insists.
   *
   * @throws IllegalStateException if what the property insists on is unknown or doesn't load
   */
  public static TlsProvider best() {
    String wish = System.getProperty(PROPERTY, "");
    if (wish.isEmpty()) {
      return BORINGSSL.isAvailable() ? BORINGSSL : JDK;
    }
    for (TlsProvider provider : values()) {
      if (provider.name().equalsIgnoreCase(wish) && provider.isAvailable()) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "%s=%s can't be had on this host; it may be boringssl or jdk".formatted(PROPERTY, wish));
  }

  public boolean isAvailable() {
    return this == JDK || OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(netty);
  }

  SslProvider netty() {
    return netty;
  }
}
