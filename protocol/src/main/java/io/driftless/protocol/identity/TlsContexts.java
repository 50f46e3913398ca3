package io.driftless.protocol.identity;

import io.driftless.protocol.identity.ChainCheck.Expired;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLException;

/**
 * Makes TLS contexts: 1.3 only, both sides by certificate, no resumption, no system roots.
 *
 * <p>A context is for one identity; after a renewal, make a new one for new connections. The caller
 * owns it and releases it with {@code ReferenceCountUtil.release}; connections keep what they need.
 * Make handlers with {@code newHandler(allocator)}, without the peer's host and port: they would
 * only be used for names and resumption, of which there are none.
 */
public final class TlsContexts {
  /*
   * Resumption would skip the trust manager. BoringSSL needs the cache to be off (tickets are off
   * in Netty unless keys are set). The JDK has no switch per context for tickets of TLS 1.3, but
   * sends none where sessions are to last longer than the seven days that RFC 8446 allows a ticket.
   */
  private static final Duration TOO_LONG_FOR_TICKETS = Duration.ofDays(8);

  private final TlsProvider provider;
  private final InstantSource clock;

  public TlsContexts(TlsProvider provider, InstantSource clock) {
    this.provider = provider;
    this.clock = clock;
  }

  public TlsProvider provider() {
    return provider;
  }

  /** For a target that listens; after each handshake, ask {@link Peer#of}. */
  public SslContext server(Identity target) throws SSLException {
    var check = new ChainCheck(target.authorityHash(), Role.SOURCE, Expired.MAY_RENEW, clock);
    SslContextBuilder builder =
        SslContextBuilder.forServer(new SingleKeyManager(target))
            .clientAuth(ClientAuth.OPTIONAL); // and Peer.of insists: see there
    return build(builder, check, Peer.SESSION_PROTOCOL, Peer.ENROLMENT_PROTOCOL);
  }

  /** For a source that dials its target. */
  public SslContext client(Identity source) throws SSLException {
    var check = new ChainCheck(source.authorityHash(), Role.TARGET, Expired.REFUSED, clock);
    SslContextBuilder builder =
        SslContextBuilder.forClient().keyManager(new SingleKeyManager(source));
    return build(builder, check, Peer.SESSION_PROTOCOL);
  }

  /** For an agent that joins: it has nothing to show, and knows the authority by its token. */
  public SslContext joiner(KeyHash authority) throws SSLException {
    var check = new ChainCheck(authority, Role.TARGET, Expired.REFUSED, clock);
    return build(SslContextBuilder.forClient(), check, Peer.ENROLMENT_PROTOCOL);
  }

  private SslContext build(SslContextBuilder builder, ChainCheck check, String... protocols)
      throws SSLException {
    SslContext context =
        builder
            .sslProvider(provider.netty())
            .protocols("TLSv1.3")
            .trustManager(new AuthorityTrust(check))
            .endpointIdentificationAlgorithm(null)
            .sessionTimeout(TOO_LONG_FOR_TICKETS.toSeconds())
            .applicationProtocolConfig(
                // The only behaviours that both providers know; Peer.of refuses what is left.
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    protocols))
            .build();
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setSessionCacheEnabled(false);
    }
    return context;
  }
}
