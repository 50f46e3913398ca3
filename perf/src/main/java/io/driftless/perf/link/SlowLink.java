package io.driftless.perf.link;

import io.driftless.perf.link.Carrier.Way;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A link that delays and limits what goes through; all connections over it share it. */
public final class SlowLink implements Route, AutoCloseable {
  /*
   * What it is like. Each direction has one queue in front of the wire that holds a round trip's
   * worth; bytes go onto the wire at the link's rate, in the order in which they came, and arrive
   * half a round trip later. Where a router drops what has no room, this makes the sender wait: no
   * connection ever slows down to find out how fast it may be. A connection is made after a round
   * trip. Of each connection and direction, as many bytes are under way or not yet taken by the
   * receiver as Linux lets a connection have by default.
   *
   * TCP ends at the relay, so that its slow start, its losses and its headers are not there.
   */
  private static final int PIECE_BYTES = 16 * 1024;

  private static final int WINDOW_BYTES = 4 << 20;

  private final LinkSpeed speed;
  private final Direction forth;
  private final Direction back;
  private final List<Relay> relays = new CopyOnWriteArrayList<>();

  public SlowLink(LinkSpeed speed) {
    this.speed = speed;
    this.forth = new Direction(speed);
    this.back = new Direction(speed);
  }

  /** Bytes that come out at a time, none for the end. */
  private record Parcel(byte[] bytes, long arrivalNanos) {}

  private static final class Direction {
    private final LongAdder bytes = new LongAdder();

    /** Guarded by this. */
    private final LinkClock clock;

    Direction(LinkSpeed speed) {
      this.clock = new LinkClock(speed);
    }

    /** Waits for room in the queue; returns when the bytes arrive. */
    long send(int count) throws InterruptedException {
      while (true) {
        long pauseNanos;
        synchronized (this) {
          long now = System.nanoTime();
          pauseNanos = clock.nanosUntilRoom(now, count);
          if (pauseNanos == 0) {
            bytes.add(count);
            return clock.send(now, count);
          }
        }
        TimeUnit.NANOSECONDS.sleep(pauseNanos);
      }
    }
  }

  public LinkSpeed speed() {
    return speed;
  }

  @Override
  public int to(int port) throws IOException {
    var relay = Relay.to(port, this::carry);
    relays.add(relay);
    return relay.port();
  }

  /** Bytes that were sent so far from the sides that had dialled. */
  public long bytesForth() {
    return forth.bytes.sum();
  }

  /** Bytes that were sent so far to the sides that had dialled. */
  public long bytesBack() {
    return back.bytes.sum();
  }

  private void carry(InputStream in, OutputStream out, Way way)
      throws IOException, InterruptedException {
    Thread.sleep(speed.roundTrip());
    var flight = new Flight(in, out, way == Way.FORTH ? forth : back);
    Thread sending = Thread.ofPlatform().daemon().name("link").start(flight::send);
    try {
      flight.deliver();
    } finally {
      sending.interrupt();
    }
  }

  /** What of one connection and direction is under way. */
  private static final class Flight {
    private final InputStream in;
    private final OutputStream out;
    private final Direction direction;
    private final Semaphore window = new Semaphore(WINDOW_BYTES);

    /** Bounded by the window. */
    private final BlockingQueue<Parcel> parcels = new LinkedBlockingQueue<>();

    private volatile @Nullable IOException failure;

    Flight(InputStream in, OutputStream out, Direction direction) {
      this.in = in;
      this.out = out;
      this.direction = direction;
    }

    void send() {
      byte[] buffer = new byte[PIECE_BYTES];
      try {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          window.acquire(read);
          parcels.add(new Parcel(java.util.Arrays.copyOf(buffer, read), direction.send(read)));
        }
      } catch (IOException e) {
        failure = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody takes any more
        return;
      }
      try {
        parcels.add(new Parcel(new byte[0], direction.send(0)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void deliver() throws IOException, InterruptedException {
      for (Parcel parcel = parcels.take(); parcel.bytes.length > 0; parcel = parcels.take()) {
        awaitArrival(parcel);
        out.write(parcel.bytes);
        window.release(parcel.bytes.length);
      }
      if (failure != null) {
        throw failure;
      }
    }

    private static void awaitArrival(Parcel parcel) throws InterruptedException {
      long early = parcel.arrivalNanos - System.nanoTime();
      if (early > 0) {
        TimeUnit.NANOSECONDS.sleep(early);
      }
    }
  }

  @Override
  public void close() {
    relays.forEach(Relay::close);
  }
}
