package io.driftless.protocol.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.driftless.protocol.identity.Address;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.wire.Transport.Options;
import io.driftless.protocol.wire.WireException.Retry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("B13, B14: whoever comes to a target, and whatever a source finds at an address")
final class StrangersIT {
  private static final WireSettings HASTY =
      WireSettings.DEFAULT.withHandshake(Duration.ofMillis(700), Duration.ofMillis(500));

  @Test
  void who_says_nothing_is_sent_away_at_the_deadline() throws Exception {
    try (var pair = LoopbackPair.listening(new Target(), it -> it.with(HASTY));
        var silent = connect(pair)) {
      long start = System.nanoTime();
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(System.nanoTime() - start).isBetween(500_000_000L, 8_000_000_000L);
    }
  }

  @Test
  void who_trickles_is_sent_away_at_the_same_deadline() throws Exception {
    try (var pair = LoopbackPair.listening(new Target(), it -> it.with(HASTY));
        var trickling = connect(pair)) {
      long start = System.nanoTime();
      byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
      await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(Duration.ofSeconds(10))
          .until(() -> {
            int sent = (int) ((System.nanoTime() - start) / 100_000_000);
            trickling.getOutputStream().write(sent < hello.length ? hello[sent] : 0);
            return isClosed(trickling);
          });
    }
  }

  @Test
  void garbage_and_plain_text_end_at_once_and_do_no_harm() throws Exception {
    try (var pair = LoopbackPair.listening(new Target())) {
      var random = new Random(3);
      byte[] garbage = new byte[20_000];
      random.nextBytes(garbage);
      for (byte[] said : List.of("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII), garbage)) {
        try (var stranger = connect(pair)) {
          stranger.getOutputStream().write(said);
          await().atMost(Duration.ofSeconds(5)).until(() -> isClosed(stranger));
        }
      }
      try (var session = pair.dial(1)) {
        assertThat(session.isOpen()).isTrue();
      }
    }
  }

  @Test
  void a_silent_crowd_keeps_nobody_out() throws Exception {
    try (var pair = LoopbackPair.listening(new Target())) {
      List<Socket> crowd = new ArrayList<>();
      try {
        for (int i = 0; i < 100; i++) {
          crowd.add(connect(pair));
        }
        try (var session = pair.dial(2)) {
          assertThat(session.isOpen()).isTrue();
          assertThat(pair.acceptor().strangers()).isLessThanOrEqualTo(HASTY.strangersMax());
        }
      } finally {
        for (Socket socket : crowd) {
          socket.close();
        }
      }
    }
  }

  @Test
  void an_agent_that_is_not_on_the_list_is_told_so() throws Exception {
    try (var pair = LoopbackPair.listening(new Target())) {
      var stranger =
          pair.dialerOf(
              pair.identity("stranger", Role.SOURCE),
              TlsProvider.best(),
              new Options("1.0-test", "stranger"));
      assertSlug(() -> stranger.dial(List.of(pair.address()), 1), "agent-unknown", Retry.POINTLESS);
    }
  }

  @Test
  void a_target_of_another_authority_is_told_apart() throws Exception {
    try (var pair = LoopbackPair.listening(new Target());
        var other = LoopbackPair.listening(new Target())) {
      assertSlug(
          () -> pair.dialer().dial(List.of(other.address()), 1),
          "other-authority",
          Retry.POINTLESS);
    }
  }

  @Test
  void an_address_where_nobody_listens_is_told_apart() throws Exception {
    try (var pair = LoopbackPair.listening(new Target())) {
      int free;
      try (var socket = new ServerSocket(0)) {
        free = socket.getLocalPort();
      }
      var nobody = new Address("127.0.0.1", free);
      assertSlug(
          () -> pair.dialer().dial(List.of(nobody), 1), "connection-refused", Retry.WORTHWHILE);
      try (var session = pair.dialer().dial(List.of(nobody, pair.address()), 1)) {
        assertThat(session.isOpen()).isTrue();
      }
    }
  }

  @Test
  void a_program_that_is_no_agent_is_told_apart() throws Exception {
    try (var pair = LoopbackPair.listening(new Target());
        var web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerPlainText(web));
      var address = new Address("127.0.0.1", web.getLocalPort());
      assertSlug(() -> pair.dialer().dial(List.of(address), 1), "not-an-agent", Retry.WORTHWHILE);
    }
  }

  @Test
  void a_program_that_never_answers_is_given_up() throws Exception {
    try (var pair = LoopbackPair.listening(new Target(), it -> it.with(HASTY));
        var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var address = new Address("127.0.0.1", mute.getLocalPort());
      assertSlug(() -> pair.dialer().dial(List.of(address), 1), "timeout", Retry.WORTHWHILE);
    }
  }

  @Test
  void a_port_in_use_is_told() throws Exception {
    try (var pair = LoopbackPair.listening(new Target())) {
      assertThatThrownBy(() ->
              SessionAcceptor.bind(
                  pair.targetTransport(),
                  new InetSocketAddress("127.0.0.1", pair.address().port()),
                  new SessionAcceptor.Office(
                      pair::source, pair.registry()::admit, pair.desk(), new Target())))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.slug()).isEqualTo("port-in-use"));
    }
  }

  private static void answerPlainText(ServerSocket web) {
    try (Socket socket = web.accept()) {
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      socket.getOutputStream().flush();
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // the source has hung up, as it should
    }
  }

  private static Socket connect(LoopbackPair pair) throws IOException {
    Socket socket = new Socket();
    socket.connect(pair.socketAddress());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      while (socket.getInputStream().read() >= 0) {
        continue;
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // reset
    }
  }

  private static void assertSlug(ThrowingCallable dialling, String slug, Retry retry) {
    assertThatThrownBy(dialling)
        .isInstanceOfSatisfying(
            WireException.class,
            e -> {
              assertThat(e.slug()).as(e.getMessage()).isEqualTo(slug);
              assertThat(e.retry()).isEqualTo(retry);
            });
  }
}
