package io.driftless.perf.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Counts what goes through, as nobody but the kernel would, and doesn't hold it up. */
public final class CountingRelay implements Route, AutoCloseable {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final LongAdder bytes = new LongAdder();
  private final List<Relay> relays = new CopyOnWriteArrayList<>();

  @Override
  public int to(int port) throws IOException {
    var relay = Relay.to(port, this::carry);
    relays.add(relay);
    return relay.port();
  }

  /** Bytes that went through so far, both ways. */
  public long bytes() {
    return bytes.sum();
  }

  private void carry(InputStream in, OutputStream out, Carrier.Way way) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      bytes.add(read);
      out.write(buffer, 0, read);
    }
  }

  @Override
  public void close() {
    relays.forEach(Relay::close);
  }
}
