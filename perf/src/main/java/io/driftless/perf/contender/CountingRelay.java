package io.driftless.perf.contender;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Stands between two agents and counts what goes through, as nobody but the kernel would. */
final class CountingRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final ServerSocket listening;
  private final int targetPort;
  private final LongAdder bytes = new LongAdder();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private CountingRelay(ServerSocket listening, int targetPort) {
    this.listening = listening;
    this.targetPort = targetPort;
  }

  /** Begins to lead from a port of its own to another one of this host. */
  static CountingRelay to(int targetPort) throws IOException {
    var relay =
        new CountingRelay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), targetPort);
    Thread.ofPlatform().daemon().name("relay").start(relay::accept);
    return relay;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Bytes that went through so far, both ways. */
  long bytes() {
    return bytes.sum();
  }

  private void accept() {
    try {
      while (true) {
        Socket dialled = listening.accept();
        Socket onward = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        sockets.addAll(List.of(dialled, onward));
        carry(dialled, onward);
        carry(onward, dialled);
      }
    } catch (IOException e) {
      close();
    }
  }

  private void carry(Socket from, Socket to) throws SocketException {
    to.setTcpNoDelay(true);
    Thread.ofPlatform()
        .daemon()
        .name("relay")
        .start(() -> {
          byte[] buffer = new byte[BUFFER_BYTES];
          try (from;
              to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
              bytes.add(read);
              out.write(buffer, 0, read);
            }
          } catch (IOException e) {
            // One side has ended; so does the other.
          }
        });
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
