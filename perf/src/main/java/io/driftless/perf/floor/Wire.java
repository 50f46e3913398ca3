package io.driftless.perf.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
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

  private Wire(Ends ends, Sender sender, Receiver receiver) {
    this.here = ends.here();
    this.sender = sender;
    this.receiver =
        Thread.ofPlatform().daemon().name("receiver").start(() -> take(ends.there(), receiver));
  }

  /** A connection without TLS. */
  public static Wire plain() throws IOException {
    Ends ends = Ends.open();
    return new Wire(
        ends,
        bytes -> {
          while (bytes.hasRemaining()) {
            ends.here().write(bytes);
          }
        },
        into -> {
          if (ends.there().read(into) < 0) {
            throw new IOException("the other end has closed");
          }
        });
  }

  /** A connection with the TLS of the agents. */
  public static Wire encrypted() throws IOException {
    Ends.Tls tls = Ends.Tls.create();
    Ends ends = Ends.open();
    CompletableFuture<SecureLink> there =
        CompletableFuture.supplyAsync(() -> {
          try {
            return tls.accept(ends.there());
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        });
    SecureLink link = tls.dial(ends.here());
    // What the other end waits for may go out with the first bytes.
    return new Wire(ends, link::send, into -> there.join().receive(into));
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
