package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** Passes bytes on between two agents; may be slow, may freeze, and may be cut. */
final class Relay implements AutoCloseable {
  private static final int CHUNK_BYTES = 8192;

  private final ServerSocket listening;
  private final int port;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean isFrozen;
  private volatile long nanosPerByte;

  private Relay(ServerSocket listening, int port) {
    this.listening = listening;
    this.port = port;
  }

  static Relay to(int port) throws IOException {
    var relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofPlatform().daemon().start(relay::accept);
    return relay;
  }

  Address address() {
    return new Address("127.0.0.1", listening.getLocalPort());
  }

  /** Passes nothing on any more, and keeps everything open. */
  void freeze() {
    isFrozen = true;
  }

  /** Passes so many bytes on, in each direction of each connection. */
  void slowDown(long bytesPerSecond) {
    nanosPerByte = 1_000_000_000 / bytesPerSecond;
  }

  void cut() {
    sockets.forEach(Relay::close);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(near);
        sockets.add(far);
        Thread.ofPlatform().daemon().start(() -> pass(near, far));
        Thread.ofPlatform().daemon().start(() -> pass(far, near));
      }
    } catch (IOException e) {
      // closed: nobody comes any more
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        while (isFrozen && !from.isClosed()) {
          LockSupport.parkNanos(1_000_000);
        }
        LockSupport.parkNanos(nanosPerByte * count);
        out.write(chunk, 0, count);
      }
    } catch (IOException e) {
      // one side is gone, and so shall be the other
    }
    close(from);
    close(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
