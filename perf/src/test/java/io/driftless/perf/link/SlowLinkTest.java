package io.driftless.perf.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In real time, which can only be found too long on a busy machine. */
@Timeout(60)
final class SlowLinkTest {
  private static final LinkSpeed SPEED = new LinkSpeed(Duration.ofMillis(60), 16_000_000);
  private static final int BYTES = 400_000;

  @Test
  void an_answer_takes_a_round_trip() throws Exception {
    try (var far = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var link = new SlowLink(SPEED);
        var near = new Socket(InetAddress.getLoopbackAddress(), link.to(far.getLocalPort()));
        Socket accepted = far.accept()) {
      pingPong(near, accepted); // a connection is made

      long begun = System.nanoTime();
      pingPong(near, accepted);

      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThanOrEqualTo(SPEED.roundTrip());
    }
  }

  private static void pingPong(Socket near, Socket far) throws IOException {
    near.getOutputStream().write(1);
    far.getOutputStream().write(far.getInputStream().read());
    assertThat(near.getInputStream().read()).isEqualTo(1);
  }

  @Test
  void bytes_come_whole_and_not_faster_than_the_link() throws Exception {
    byte[] sent = new byte[BYTES];
    new SplittableRandom(1).nextBytes(sent);
    long begun = System.nanoTime();
    try (var far = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var link = new SlowLink(SPEED);
        var near = new Socket(InetAddress.getLoopbackAddress(), link.to(far.getLocalPort()));
        Socket accepted = far.accept()) {
      Thread sending = Thread.ofPlatform().daemon().start(() -> send(near, sent));

      byte[] received = accepted.getInputStream().readAllBytes();

      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThanOrEqualTo(Duration.ofMillis(200));
      assertThat(received).isEqualTo(sent);
      assertThat(link.bytesForth()).isEqualTo(BYTES);
      assertThat(link.bytesBack()).isZero();
      sending.join();
    }
  }

  /** Ends the one direction alone. */
  private static void send(Socket near, byte[] bytes) {
    try {
      near.getOutputStream().write(bytes);
      near.shutdownOutput();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
