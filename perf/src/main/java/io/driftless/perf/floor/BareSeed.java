package io.driftless.perf.floor;

import io.driftless.protocol.hash.SeededHash;
import java.io.IOException;
import java.nio.channels.SocketChannel;
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
 */
public final class BareSeed implements ServedFloor {
  private static final int LANES = 2;
  private static final long SEED = 1;

  private final String source;
  private final String target;
  private final Ends.Tls tls;

  private BareSeed(String source, String target) throws IOException {
    this.source = source;
    this.target = target;
    this.tls = Ends.Tls.create();
  }

  /**
   * Serves seeds until it is ended.
   *
   * @param arguments source tree, target tree, port of the loopback interface
   */
  public static void main(String[] arguments) throws IOException {
    new BareSeed(arguments[0], arguments[1]).serve(arguments[2]);
  }

  @Override
  public void run() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2 * LANES)) {
      var ends = new ArrayList<Future<?>>();
      for (int lane = 0; lane < LANES; lane++) {
        Ends connection = Ends.open();
        int number = lane;
        ends.add(
            threads.submit(() -> {
              send(connection.here(), number);
              return number;
            }));
        ends.add(
            threads.submit(() -> {
              receive(connection.there());
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
    try (SecureLink link = tls.dial(channel)) {
      new BareSource(source, lane, LANES, new SeededHash(SEED), new Frames(link)).run();
      link.awaitEnd();
    }
  }

  private void receive(SocketChannel channel) throws IOException {
    try (SecureLink link = tls.accept(channel)) {
      new BareTarget(target, new SeededHash(SEED), new Frames(link)).run();
    }
  }
}
