package io.driftless.perf.floor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A floor that stays, as agents do: each connection to its port is a pass, which gets a byte when
 * that is durable, and none if it failed.
 */
@FunctionalInterface
interface ServedFloor {
  /** One pass. */
  void run() throws Exception;

  /**
   * Serves until it is ended.
   *
   * @param port of the loopback interface
   */
  default void serve(String port) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    try (ServerSocketChannel listening = ServerSocketChannel.open().bind(address)) {
      while (listening.isOpen()) {
        try (SocketChannel asking = listening.accept()) {
          run();
          asking.write(ByteBuffer.allocate(1));
        } catch (Exception e) {
          e.printStackTrace();
        }
      }
    }
  }
}
