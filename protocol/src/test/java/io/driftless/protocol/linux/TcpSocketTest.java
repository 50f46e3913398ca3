package io.driftless.protocol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.Test;

final class TcpSocketTest {
  private static final int UNSENT_BYTES = 128 * 1024;
  private static final int RECEIVED_BYTES = 16 * 1024;

  @Test
  void the_kernel_takes_no_more_than_it_may_hold_back() throws Exception {
    long unlimited = takenByKernel(false);
    long limited = takenByKernel(true);

    // Both hold what is under way; only one holds what a send buffer of megabytes would take.
    assertThat(limited).isLessThan(unlimited / 2);
  }

  /** Writes until no more is taken, to somebody who doesn't read. */
  private static long takenByKernel(boolean isLimited) throws Exception {
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.socket().setReceiveBufferSize(RECEIVED_BYTES);
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel sending = SocketChannel.open(listening.getLocalAddress());
          SocketChannel _ = listening.accept()) {
        if (isLimited) {
          TcpSocket socket = TcpSocket.of(sending).orElseThrow();
          assertThat(socket.limitUnsent(UNSENT_BYTES)).isTrue();
          assertThat(socket.unsentMax()).contains(UNSENT_BYTES);
        }
        sending.configureBlocking(false);
        long taken = 0;
        var bytes = ByteBuffer.allocateDirect(64 * 1024);
        for (int written = -1; written != 0; taken += written) {
          written = sending.write(bytes.clear());
        }
        return taken;
      }
    }
  }

  @Test
  void a_channel_that_is_no_socket_of_the_jdk_is_none() {
    SelectableChannel other = new OtherChannel();

    assertThat(TcpSocket.of(other)).isEmpty();
  }

  private static final class OtherChannel extends java.nio.channels.spi.AbstractSelectableChannel {
    OtherChannel() {
      super(SelectorProvider.provider());
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public int validOps() {
      return 0;
    }
  }
}
