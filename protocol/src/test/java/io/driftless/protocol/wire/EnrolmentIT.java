package io.driftless.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.AgentName;
import io.driftless.protocol.identity.Certificates;
import io.driftless.protocol.identity.Identity;
import io.driftless.protocol.identity.Joiner;
import io.driftless.protocol.identity.Joiner.Wish;
import io.driftless.protocol.identity.PrivateDirectory;
import io.driftless.protocol.identity.Renewal;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.Token;
import io.driftless.protocol.identity.VolumeName;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.tree.Bytes;
import io.driftless.protocol.wire.Transport.Options;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EnrolmentIT {
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();

  @Test
  void an_agent_joins_with_a_token_once_and_then_dials(@TempDir Path home) throws Exception {
    try (var pair = LoopbackPair.listening(new Target())) {
      Token token = pair.invite();
      var client = new EnrolmentClient(pair.stranger());
      Identity web1 = client.join(token, joiner(token, "web1"));
      assertThat(web1.name()).isEqualTo(new AgentName("web1"));
      assertThatThrownBy(() -> client.join(token, joiner(token, "web2")))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.slug()).isEqualTo("token-used"));
      try (var session = dialer(pair, web1).dial(List.of(pair.address()), 1)) {
        assertThat(session.isOpen()).isTrue();
        assertRenewed(session, web1, PrivateDirectory.create(home.resolve("identity")));
      }
    }
  }

  private void assertRenewed(AgentSession session, Identity current, PrivateDirectory directory)
      throws Exception {
    current.store(directory);
    Renewal renewal = Renewal.begin(directory, current, random, clock);
    Issued issued = session.renew(new Renew(Bytes.owning(renewal.request().der())));
    Identity renewed = renewal.complete(Certificates.parse(issued.leaf().toBytes()));
    assertThat(renewed.id()).isEqualTo(current.id());
    assertThat(renewed.keyHash()).isNotEqualTo(current.keyHash());
  }

  @Test
  void a_renewal_that_is_refused_leaves_the_session() throws Exception {
    try (var pair = LoopbackPair.listening(new Target());
        var session = pair.dial(1)) {
      assertThatThrownBy(() -> session.renew(new Renew(Bytes.of("no request"))))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.slug()).isEqualTo("bad-request"));
      assertThat(session.isOpen()).isTrue();
    }
  }

  @Test
  void a_token_of_another_target_gives_nothing_away() throws Exception {
    try (var pair = LoopbackPair.listening(new Target());
        var other = LoopbackPair.listening(new Target())) {
      Token good = other.invite();
      Token misled =
          new Token(
              List.of(new Address("127.0.0.1", pair.address().port())),
              good.authority(),
              good.id(),
              good.secret(),
              good.expiresAt());
      var client = new EnrolmentClient(pair.stranger());
      assertThatThrownBy(() -> client.join(misled, joiner(misled, "web1")))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.slug()).isEqualTo("other-authority"));
    }
  }

  private Joiner joiner(Token token, String name) {
    return new Joiner(
        token, new Wish(new AgentName(name), List.of(new VolumeName("www"))), random, clock);
  }

  private static SessionDialer dialer(LoopbackPair pair, Identity identity) {
    return pair.dialerOf(identity, TlsProvider.best(), new Options("1.0-test", "web1"));
  }
}
