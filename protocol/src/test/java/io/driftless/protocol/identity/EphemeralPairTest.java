package io.driftless.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EphemeralPairTest {
  private static final VolumeName COPY = new VolumeName("copy");

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void two_agents_in_one_process_know_each_other_and_nobody_else(TlsProvider provider)
      throws Exception {
    EphemeralPair pair = EphemeralPair.create(Rights.of(COPY, Role.SOURCE), random, clock);
    EphemeralPair other = EphemeralPair.create(Rights.of(COPY, Role.SOURCE), random, clock);
    TlsContexts contexts = new TlsContexts(provider, clock);
    SslContext client = contexts.client(pair.source());
    SslContext server = contexts.server(pair.target());
    SslContext stranger = contexts.client(other.source());
    try (Handshake good = Handshake.between(client, server);
        Handshake bad = Handshake.between(stranger, server)) {
      assertThat(good.isCompleteAtServer()).isTrue();
      assertThat(bad.isCompleteAtServer()).isFalse();
      PeerIdentity peer = PeerIdentity.of(good.serverTls().engine().getSession(), clock.instant());
      assertThat(pair.registry().admit(peer)).isInstanceOf(Admission.Admitted.class);
      assertThat(other.registry().admit(peer)).isInstanceOf(Admission.Refused.class);
    } finally {
      Handshake.release(client, server, stranger);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void are_made_in_no_time(TlsProvider provider) throws Exception {
    long bestNanos = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long beginNanos = System.nanoTime();
      EphemeralPair pair = EphemeralPair.create(Rights.of(COPY, Role.SOURCE), random, clock);
      TlsContexts contexts = new TlsContexts(provider, clock);
      SslContext client = contexts.client(pair.source());
      SslContext server = contexts.server(pair.target());
      bestNanos = Math.min(bestNanos, System.nanoTime() - beginNanos);
      Handshake.release(client, server);
    }
    assertThat(Duration.ofNanos(bestNanos)).isLessThan(Duration.ofMillis(300));
  }
}
