package io.driftless.perf.floor;

import io.driftless.protocol.identity.EphemeralPair;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.VolumeName;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A connection over the loopback interface, whose other end takes whatever comes. For one thread.
 */
public final class Wire implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 20;

  private final SocketChannel here;
  private final Sender sender;
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
  private final Thread receiver;

  @FunctionalInterface
  private interface Sender {
    void send(ByteBuffer bytes) throws IOException;
  }

  @FunctionalInterface
  private interface Receiver {
    void receive(ByteBuffer into) throws IOException;
  }

  private Wire(SocketChannel[] ends, Sender sender, Receiver receiver) {
    this.here = ends[0];
    this.sender = sender;
    this.receiver =
        Thread.ofPlatform().daemon().name("receiver").start(() -> take(ends[1], receiver));
  }

  /** A connection without TLS. */
  public static Wire plain() throws IOException {
    SocketChannel[] ends = ends();
    return new Wire(
        ends,
        bytes -> {
          while (bytes.hasRemaining()) {
            ends[0].write(bytes);
          }
        },
        into -> {
          if (ends[1].read(into) < 0) {
            throw new IOException("the other end has closed");
          }
        });
  }

  /** A connection with the TLS of the agents. */
  public static Wire encrypted() throws IOException {
    InstantSource clock = InstantSource.system();
    EphemeralPair pair =
        EphemeralPair.create(
            Rights.of(new VolumeName("floor"), Role.SOURCE), new SecureRandom(), clock);
    var contexts = new TlsContexts(TlsProvider.best(), clock);
    SocketChannel[] ends = ends();
    CompletableFuture<SecureLink> there =
        CompletableFuture.supplyAsync(() -> {
          try {
            return SecureLink.open(
                ends[1], contexts.server(pair.target()).newEngine(ByteBufAllocator.DEFAULT));
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
    SecureLink link =
        SecureLink.open(
            ends[0], contexts.client(pair.source()).newEngine(ByteBufAllocator.DEFAULT));
    // What the other end waits for may go out with the first bytes.
    return new Wire(ends, link::send, into -> there.join().receive(into));
  }

  private static SocketChannel[] ends() throws IOException {
    try (ServerSocketChannel listening =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      SocketChannel here = SocketChannel.open(listening.getLocalAddress());
      return new SocketChannel[] {here, listening.accept()};
    }
  }

  /** Sends a mebibyte; waits until the kernel has taken it. */
  public void send() throws IOException {
    sender.send(piece.clear());
  }

  /** Takes all until an end closes; a sender that goes on then fails. */
  private static void take(SocketChannel there, Receiver receiver) {
    var into = ByteBuffer.allocateDirect(PIECE_BYTES);
    try (there) {
      while (true) {
        receiver.receive(into.clear());
      }
    } catch (IOException e) {
      // the sender has closed
    }
  }

  @Override
  public void close() throws IOException {
    here.close();
    try {
      receiver.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
