package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.identity.PeerIdentity.Standing;
import io.driftless.protocol.identity.Refusal.Reason;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("B15: who gets through TLS, with both providers on both sides")
@ParameterizedClass
@MethodSource("providers")
final class TlsMatrixTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock(NOW);
  private final TlsContexts clientSide;
  private final TlsContexts serverSide;
  private final TlsProvider clientProvider;
  private final List<SslContext> contexts = new ArrayList<>();
  private final List<Handshake> handshakes = new ArrayList<>();

  private final Authority authority = Authority.create(random, clock);
  private final Identity target = identity(authority, "target", Role.TARGET);
  private final Identity source = identity(authority, "web1", Role.SOURCE);

  TlsMatrixTest(TlsProvider clientProvider, TlsProvider serverProvider) {
    this.clientProvider = clientProvider;
    clientSide = new TlsContexts(clientProvider, clock);
    serverSide = new TlsContexts(serverProvider, clock);
  }

  static Stream<Arguments> providers() {
    assertThat(TlsProvider.BORINGSSL.isAvailable()).as("the native library loads").isTrue();
    return Stream.of(TlsProvider.values())
        .flatMap(c -> Stream.of(TlsProvider.values()).map(s -> Arguments.of(c, s)));
  }

  @AfterEach
  void release() {
    handshakes.forEach(Handshake::close);
    Handshake.release(contexts.toArray(new SslContext[0]));
  }

  @Test
  void two_agents_of_one_authority_know_each_other() throws Exception {
    Handshake handshake = shake(clientSide.client(source), serverSide.server(target));
    assertThat(handshake.isCompleteAtClient()).isTrue();
    assertThat(handshake.isCompleteAtServer()).isTrue();

    PeerIdentity seen = agentAtServer(handshake);
    assertThat(seen.subject()).isEqualTo(source.subject());
    assertThat(seen.key()).isEqualTo(source.keyHash());
    assertThat(seen.expiresAt()).isEqualTo(source.expiresAt());
    assertThat(seen.standing()).isEqualTo(Standing.VALID);

    SSLSession session = handshake.clientTls().engine().getSession();
    assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
    assertThat(PeerIdentity.of(session, NOW).subject()).isEqualTo(target.subject());
  }

  @Test
  void a_joiner_gets_through_to_enrolment_only() throws Exception {
    Handshake handshake = shake(clientSide.joiner(authority.keyHash()), serverSide.server(target));
    assertThat(handshake.isCompleteAtClient()).isTrue();
    assertThat(peerAtServer(handshake)).isEqualTo(new Peer.Joiner());
    assertThatThrownBy(() -> PeerIdentity.of(handshake.serverTls().engine().getSession(), NOW))
        .hasMessageStartingWith("certificate-missing:");
  }

  @Test
  void a_joiner_leaves_before_it_sends_anything_to_another_authority() throws Exception {
    Handshake handshake =
        shake(
            clientSide.joiner(Authority.create(random, clock).keyHash()),
            serverSide.server(target));
    assertThat(handshake.isCompleteAtClient()).isFalse();
    assertThat(Handshake.refusedBy(handshake.clientTls())).isEqualTo(Reason.OTHER_AUTHORITY);
  }

  @Test
  void no_certificate_is_no_session() throws Exception {
    Handshake handshake = shake(lax(null, Peer.SESSION_PROTOCOL), serverSide.server(target));
    assertRefusedAtServer(handshake, Reason.CERTIFICATE_MISSING);
  }

  @Test
  void a_certificate_cannot_enrol() throws Exception {
    Handshake handshake = shake(lax(source, Peer.ENROLMENT_PROTOCOL), serverSide.server(target));
    assertRefusedAtServer(handshake, Reason.OTHER_PROTOCOL);
  }

  @Test
  void no_protocol_or_another_one_is_nothing() throws Exception {
    assertRefusedAtServer(
        shake(lax(source, "h2"), serverSide.server(target)), Reason.OTHER_PROTOCOL);
    assertRefusedAtServer(
        shake(lax(source, null), serverSide.server(target)), Reason.OTHER_PROTOCOL);
    assertRefusedAtServer(shake(lax(null, null), serverSide.server(target)), Reason.OTHER_PROTOCOL);
  }

  @Test
  void a_certificate_of_another_authority_is_refused_on_both_sides() throws Exception {
    Authority other = Authority.create(random, clock);
    Handshake atServer =
        shake(
            lax(identity(other, "web1", Role.SOURCE), Peer.SESSION_PROTOCOL),
            serverSide.server(target));
    assertRefusedAtServer(atServer, Reason.OTHER_AUTHORITY);

    Handshake atClient =
        shake(clientSide.client(source), serverSide.server(identity(other, "target", Role.TARGET)));
    assertThat(Handshake.refusedBy(atClient.clientTls())).isEqualTo(Reason.OTHER_AUTHORITY);
  }

  @Test
  void a_leaf_of_another_authority_beside_our_authority_is_refused() throws Exception {
    Identity forged = identity(Authority.create(random, clock), "web1", Role.SOURCE);
    Identity dressed = new Identity(forged.key(), forged.leaf(), authority.certificate());
    assertRefusedAtServer(
        shake(lax(dressed, Peer.SESSION_PROTOCOL), serverSide.server(target)),
        Reason.CERTIFICATE_REFUSED);
  }

  @Test
  void a_leaf_does_not_sign_others() throws Exception {
    X509Certificate chained =
        TestCertificates.signedBy(source, Authority.CLIENT_AUTH, source.subject(), clock);
    Identity dressed = new Identity(source.key(), chained, source.leaf());
    assertRefusedAtServer(
        shake(lax(dressed, Peer.SESSION_PROTOCOL), serverSide.server(target)),
        Reason.OTHER_AUTHORITY);
  }

  @Test
  void an_expired_source_may_renew_and_is_told_apart() throws Exception {
    clock.advance(DAY.multipliedBy(8));
    Identity fresh = identity(authority, "target", Role.TARGET);
    Handshake handshake = shake(clientSide.client(source), serverSide.server(fresh));
    assertThat(agentAtServer(handshake).standing()).isEqualTo(Standing.EXPIRED_BUT_RENEWABLE);
  }

  @Test
  void a_source_that_expired_long_ago_is_refused() throws Exception {
    clock.advance(DAY.multipliedBy(7 + 31));
    Identity fresh = identity(authority, "target", Role.TARGET);
    assertRefusedAtServer(
        shake(clientSide.client(source), serverSide.server(fresh)), Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void an_expired_target_is_refused() throws Exception {
    clock.advance(DAY.multipliedBy(8));
    Handshake handshake =
        shake(
            clientSide.client(identity(authority, "web1", Role.SOURCE)), serverSide.server(target));
    assertThat(Handshake.refusedBy(handshake.clientTls())).isEqualTo(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void a_certificate_from_the_future_is_refused_and_slow_clocks_are_borne() throws Exception {
    clock.advance(Duration.ofMinutes(-9));
    assertThat(shake(clientSide.client(source), serverSide.server(target)).isCompleteAtServer())
        .isTrue();
    clock.advance(Duration.ofMinutes(-2));
    Handshake handshake = shake(clientSide.client(source), serverSide.server(target));
    assertThat(Handshake.refusedBy(handshake.clientTls())).isEqualTo(Reason.CERTIFICATE_EARLY);
  }

  @Test
  void a_leaf_for_the_other_side_of_a_connection_is_refused() throws Exception {
    Identity serverOnly =
        TestCertificates.withPurpose(authority, Authority.SERVER_AUTH, source.subject(), clock);
    assertRefusedAtServer(
        shake(lax(serverOnly, Peer.SESSION_PROTOCOL), serverSide.server(target)),
        Reason.CERTIFICATE_REFUSED);

    Identity clientOnly =
        TestCertificates.withPurpose(authority, Authority.CLIENT_AUTH, target.subject(), clock);
    Handshake atClient = shake(clientSide.client(source), serverSide.server(clientOnly));
    assertThat(Handshake.refusedBy(atClient.clientTls())).isEqualTo(Reason.CERTIFICATE_REFUSED);
  }

  @Test
  void a_source_cannot_pose_as_the_target_nor_the_other_way_round() throws Exception {
    Identity otherSource = identity(authority, "web2", Role.SOURCE);
    Handshake atClient = shake(clientSide.client(source), serverSide.server(otherSource));
    assertThat(Handshake.refusedBy(atClient.clientTls())).isEqualTo(Reason.WRONG_ROLE);
    Handshake joining =
        shake(clientSide.joiner(authority.keyHash()), serverSide.server(otherSource));
    assertThat(Handshake.refusedBy(joining.clientTls())).isEqualTo(Reason.WRONG_ROLE);

    assertRefusedAtServer(
        shake(clientSide.client(target), serverSide.server(target)), Reason.WRONG_ROLE);
  }

  @Test
  void tls_1_2_is_refused() throws Exception {
    SslContext old = laxBuilder(source, Peer.SESSION_PROTOCOL).protocols("TLSv1.2").build();
    Handshake handshake = shake(old, serverSide.server(target));
    assertThat(handshake.isCompleteAtServer()).isFalse();
    assertThat(handshake.isCompleteAtClient()).isFalse();
    assertThat(handshake.serverFailure()).isNotNull();
  }

  @Test
  void plain_text_is_refused() throws Exception {
    SslContext server = keep(serverSide.server(target));
    EmbeddedChannel channel = new EmbeddedChannel(server.newHandler(ByteBufAllocator.DEFAULT));
    assertThatThrownBy(() ->
            channel.writeInbound(
                Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII)))
        .hasRootCauseInstanceOf(NotSslRecordException.class);
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void nothing_is_resumed() throws Exception {
    SslContext server = keep(serverSide.server(target));
    SslContext client = keep(clientSide.client(source));
    for (int i = 0; i < 3; i++) {
      int askedBefore = clock.askedCount();
      // A resumed session skips the trust managers, and with them the look at the clock.
      try (Handshake handshake = Handshake.betweenNamed(client, server)) {
        assertThat(handshake.isCompleteAtServer()).isTrue();
      }
      assertThat(clock.askedCount() - askedBefore).isEqualTo(2);
    }
  }

  private PeerIdentity agentAtServer(Handshake handshake) throws Exception {
    return ((Peer.Agent) peerAtServer(handshake)).identity();
  }

  private Peer peerAtServer(Handshake handshake) throws Exception {
    assertThat(handshake.isCompleteAtServer()).as("%s", handshake.serverFailure()).isTrue();
    return Peer.of(
        handshake.serverTls().engine().getSession(),
        handshake.serverTls().applicationProtocol(),
        clock.instant());
  }

  /** Either TLS or {@link Peer#of} has to refuse. */
  private void assertRefusedAtServer(Handshake handshake, Reason reason) throws Exception {
    if (!handshake.isCompleteAtServer()) {
      assertThat(Handshake.refusedBy(handshake.serverTls())).isEqualTo(reason);
      return;
    }
    assertThatThrownBy(() -> peerAtServer(handshake))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().reason()).isEqualTo(reason));
  }

  /** A client that breaks our rules: it believes everything, and shows and speaks what it likes. */
  private SslContext lax(@Nullable Identity identity, @Nullable String protocol) throws Exception {
    return laxBuilder(identity, protocol).protocols("TLSv1.3").build();
  }

  private SslContextBuilder laxBuilder(@Nullable Identity identity, @Nullable String protocol) {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(clientProvider.netty())
            .endpointIdentificationAlgorithm(null)
            .trustManager(InsecureTrustManagerFactory.INSTANCE);
    if (identity != null) {
      builder.keyManager(new SingleKeyManager(identity));
    }
    if (protocol != null) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              protocol));
    }
    return builder;
  }

  private Handshake shake(SslContext client, SslContext server) {
    Handshake handshake = Handshake.between(keep(client), keep(server));
    handshakes.add(handshake);
    return handshake;
  }

  private SslContext keep(SslContext context) {
    contexts.add(context);
    return context;
  }

  private Identity identity(Authority by, String name, Role role) {
    return by.newIdentity(new Subject(AgentId.random(random), new AgentName(name), role));
  }
}
