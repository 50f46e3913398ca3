package io.driftless.perf.floor;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.identity.EphemeralPair;
import io.driftless.protocol.identity.Rights;
import io.driftless.protocol.identity.Role;
import io.driftless.protocol.identity.TlsContexts;
import io.driftless.protocol.identity.TlsProvider;
import io.driftless.protocol.identity.VolumeName;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The floor of a seed: two lanes, at each end of which a thread makes the system calls, hashes,
 * copies and TLS records that a seed needs, and nothing else. Nothing is compared, asked, proven,
 * made atomic or counted.
 *
 * <p>Stays, as agents do: each connection to its port is a seed; it gets a byte when that is
 * durable, and none if it failed.
 */
public final class BareSeed {
  private static final int LANES = 2;
  private static final long SEED = 1;

  private final String source;
  private final String target;
  private final SslContext client;
  private final SslContext server;

  private BareSeed(String source, String target) throws IOException {
    this.source = source;
    this.target = target;
    InstantSource clock = InstantSource.system();
    var random = new SecureRandom();
    EphemeralPair pair =
        EphemeralPair.create(Rights.of(new VolumeName("floor"), Role.SOURCE), random, clock);
    var contexts = new TlsContexts(TlsProvider.best(), clock);
    client = contexts.client(pair.source());
    server = contexts.server(pair.target());
  }

  /**
   * Serves seeds until it is ended.
   *
   * @param arguments source tree, target tree, port of the loopback interface
   */
  public static void main(String[] arguments) throws IOException {
    var floor = new BareSeed(arguments[0], arguments[1]);
    var port =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2]));
    try (ServerSocketChannel listening = ServerSocketChannel.open().bind(port)) {
      while (listening.isOpen()) {
        try (SocketChannel asking = listening.accept()) {
          floor.run();
          asking.write(ByteBuffer.allocate(1));
        } catch (Exception e) {
          e.printStackTrace();
        }
      }
    }
  }

  private void run() throws Exception {
    try (ServerSocketChannel listening =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ExecutorService threads = Executors.newFixedThreadPool(2 * LANES)) {
      var ends = new ArrayList<Future<?>>();
      for (int lane = 0; lane < LANES; lane++) {
        SocketChannel from = SocketChannel.open(listening.getLocalAddress());
        SocketChannel to = listening.accept();
        int number = lane;
        ends.add(
            threads.submit(() -> {
              send(from, number);
              return number;
            }));
        ends.add(
            threads.submit(() -> {
              receive(to);
              return number;
            }));
      }
      @Nullable Throwable failure = null;
      for (Future<?> end : ends) {
        try {
          end.get();
        } catch (ExecutionException e) {
          failure = e.getCause() == null ? e : e.getCause();
          failure.printStackTrace(); // whose failure was the first, the log has to tell
        }
      }
      if (failure != null) {
        throw new IOException("an end failed", failure);
      }
    }
  }

  private void send(SocketChannel channel, int lane) throws IOException {
    try (SecureLink link = SecureLink.open(channel, client.newEngine(ByteBufAllocator.DEFAULT))) {
      new BareSource(source, lane, LANES, new SeededHash(SEED), new Frames(link)).run();
      link.awaitEnd();
    }
  }

  private void receive(SocketChannel channel) throws IOException {
    try (SecureLink link = SecureLink.open(channel, server.newEngine(ByteBufAllocator.DEFAULT))) {
      new BareTarget(target, new SeededHash(SEED), new Frames(link)).run();
    }
  }
}
