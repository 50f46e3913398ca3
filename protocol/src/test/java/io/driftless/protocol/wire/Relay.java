package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Passes bytes on between two agents; may be slow, may freeze, and may be cut. */
public final class Relay implements AutoCloseable {
  private static final int CHUNK_BYTES = 8192;

  private final ServerSocket listening;
  private final int port;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Set<Socket> abandoned = ConcurrentHashMap.newKeySet();
  private final AtomicLong passedBytes = new AtomicLong();
  private volatile boolean isFrozen;
  private volatile long nanosPerByte;

  private Relay(ServerSocket listening, int port) {
    this.listening = listening;
    this.port = port;
  }

  /** Begins to listen; whoever comes is passed on to a port of this host. */
  public static Relay to(int port) throws IOException {
    var relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofPlatform().daemon().start(relay::accept);
    return relay;
  }

  /** Where it listens. */
  public Address address() {
    return new Address("127.0.0.1", listening.getLocalPort());
  }

  /** Passes nothing on any more, and keeps everything open. */
  public void freeze() {
    isFrozen = true;
  }

  /** Goes on after {@link #freeze}; nothing is lost. */
  public void thaw() {
    isFrozen = false;
  }

  /**
   * Leaves all connections half open: passes nothing on any more, not even an end. Those that come
   * later are passed on.
   */
  public void abandon() {
    abandoned.addAll(sockets);
  }

  /** Passes so many bytes on, in each direction of each connection. */
  public void slowDown(long bytesPerSecond) {
    nanosPerByte = 1_000_000_000 / bytesPerSecond;
  }

  public void cut() {
    sockets.forEach(Relay::close);
  }

  /** As {@link #cut}, with a reset instead of an orderly end. */
  public void reset() throws IOException {
    for (Socket socket : sockets) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
    }
    cut();
  }

  /** All that has been passed on so far, in both directions. */
  public long passedBytes() {
    return passedBytes.get();
  }

  /** How many connections there have been. */
  public int connections() {
    return sockets.size() / 2;
  }

  private void accept() {
    try {
      while (true) {
        connect(listening.accept());
      }
    } catch (IOException e) {
      // closed: nobody comes any more
    }
  }

  private void connect(Socket near) {
    try {
      Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
      sockets.add(near);
      sockets.add(far);
      Thread.ofPlatform().daemon().start(() -> pass(near, far));
      Thread.ofPlatform().daemon().start(() -> pass(far, near));
    } catch (IOException e) {
      close(near); // nobody listens there now
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        while ((isFrozen || abandoned.contains(from)) && !from.isClosed()) {
          LockSupport.parkNanos(1_000_000);
        }
        LockSupport.parkNanos(nanosPerByte * count);
        out.write(chunk, 0, count);
        passedBytes.addAndGet(count);
      }
    } catch (IOException e) {
      // one side is gone, and so shall be the other
    }
    if (!abandoned.contains(from)) {
      close(from);
      close(to);
    }
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
