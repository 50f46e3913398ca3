package io.driftless.perf.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Leads connections from a port of its own to another one of this host. */
final class Relay implements AutoCloseable {
  private static final int BACKLOG = 50;

  /** Little, or what is slow to go through would seem to be gone when it is written. */
  private static final int RECEIVED_BYTES = 128 * 1024;

  private final ServerSocket listening;
  private final int targetPort;
  private final Carrier carrier;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private Relay(ServerSocket listening, int targetPort, Carrier carrier) {
    this.listening = listening;
    this.targetPort = targetPort;
    this.carrier = carrier;
  }

  static Relay to(int targetPort, Carrier carrier) throws IOException {
    var listening = new ServerSocket();
    listening.setReceiveBufferSize(RECEIVED_BYTES); // before it is bound: accepted ones inherit it
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    var relay = new Relay(listening, targetPort, carrier);
    Thread.ofPlatform().daemon().name("relay").start(relay::accept);
    return relay;
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket dialled = listening.accept();
        Socket onward = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        sockets.addAll(List.of(dialled, onward));
        dialled.setTcpNoDelay(true);
        onward.setTcpNoDelay(true);
        var connection = new Connection(dialled, onward);
        start(() -> connection.carry(dialled, onward, Carrier.Way.FORTH));
        start(() -> connection.carry(onward, dialled, Carrier.Way.BACK));
      }
    } catch (IOException e) {
      close();
    }
  }

  private static void start(Runnable work) {
    Thread.ofPlatform().daemon().name("relay").start(work);
  }

  /** Each direction ends by itself; the sockets are closed when both have, or one has failed. */
  private final class Connection {
    private final Socket dialled;
    private final Socket onward;
    private final AtomicInteger open = new AtomicInteger(Carrier.Way.values().length);

    Connection(Socket dialled, Socket onward) {
      this.dialled = dialled;
      this.onward = onward;
    }

    void carry(Socket from, Socket to, Carrier.Way way) {
      boolean isLast = true;
      try {
        carrier.carry(from.getInputStream(), to.getOutputStream(), way);
        to.shutdownOutput();
        isLast = open.decrementAndGet() == 0;
      } catch (IOException e) {
        // One side is gone; so goes the other.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        if (isLast) {
          close();
        }
      }
    }

    private void close() {
      try (dialled;
          onward) {
        sockets.removeAll(List.of(dialled, onward));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
