package io.driftless.protocol.wire;

import io.driftless.protocol.pace.Flow;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.wire.Session.WireBytes;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How fast an agent sends and lets its peers send, in bytes of ciphertext over all its lanes.
 * Thread-safe; nothing here waits.
 *
 * <p>One limit holds for both directions together. What arrives, and what control lanes send
 * without asking, counts and leaves less for content. The peers are told how much they may send, in
 * equal shares: half of it all while content of our own waits, else all of it. So a source slows
 * down its target, and a target its sources; each side keeps to both limits.
 *
 * <p>Without a limit nothing is counted and no thread wakes.
 */
public final class WirePace {
  private static final long SHARES_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** A peer that sends less between two looks, a fiftieth of it all, is none of those who share. */
  private static final long SHARING_PART = 250;

  private static final long SHARING_BYTES_MIN = 256;

  private static final long TICK_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

  /** No timer is set for longer, so that none is lost in arithmetic. */
  private static final long TICK_NANOS_MAX = TimeUnit.HOURS.toNanos(1);

  private static final long UNMEASURED = -1;

  private final LongSupplier nanoTime;
  private final ScheduledExecutorService timer = GlobalEventExecutor.INSTANCE;
  private final Flow all = new Flow();
  private final Set<Peer> peers = new LinkedHashSet<>();
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
  private volatile Limit limit = Limit.UNLIMITED;
  private @Nullable Future<?> tick;
  private boolean isSharing;
  private boolean isContended;

  /** Somebody who was told to come again. */
  private record Waiter(Peer peer, int wanted, Runnable ready) {}

  WirePace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Changes the limit for everybody, those who wait included, at once and without a burst.
   *
   * @param bytesPerSecond 0 stops content until it is changed again; control passes
   */
  public void limitTo(Limit bytesPerSecond) {
    List<Runnable> tellings;
    synchronized (this) {
      all.limitTo(bytesPerSecond, nanoTime.getAsLong());
      limit = bytesPerSecond;
      isContended = isContended || !waiting.isEmpty();
      tellings = share();
      schedule();
    }
    tellings.forEach(Runnable::run);
  }

  /** In bytes a second. */
  public Limit limit() {
    return limit;
  }

  /** What went over all lanes lately, both ways; empty while that is not known. */
  public synchronized OptionalLong bitsPerSecond() {
    return peers.stream().anyMatch(Peer::isMeasured)
        ? OptionalLong.of(peers.stream().mapToLong(peer -> Math.max(0, peer.bitsPerSecond)).sum())
        : OptionalLong.empty();
  }

  /**
   * Begins to pace a peer.
   *
   * @param tell tells it how fast it may send, in bytes a second; not called before {@link
   *     Peer#greet}
   */
  Peer open(Consumer<Limit> tell) {
    return new Peer(tell);
  }

  private synchronized int take(Peer peer, int wanted, Runnable ready) {
    long now = nanoTime.getAsLong();
    long granted = peer.granted.available(all.available(wanted, now), now);
    if (granted == 0) {
      waiting.add(new Waiter(peer, wanted, ready));
      isContended = true;
      schedule();
      beginSharing();
      return 0;
    }
    flowed(peer, granted, now);
    return (int) granted;
  }

  private void flowed(Peer peer, long bytes, long now) {
    all.flowed(bytes, now);
    peer.granted.flowed(bytes, now);
  }

  private synchronized void count(Peer peer, long bytes) {
    flowed(peer, bytes, nanoTime.getAsLong());
  }

  private synchronized void countReceived(Peer peer, long bytes) {
    all.flowed(bytes, nanoTime.getAsLong());
    peer.received += bytes;
    beginSharing();
  }

  // Those who wait

  private void schedule() {
    if (tick != null) {
      tick.cancel(false);
      tick = null;
    }
    long nanos = Long.MAX_VALUE;
    long now = nanoTime.getAsLong();
    for (Waiter waiter : waiting) {
      nanos = Math.min(nanos, nanosUntil(waiter, now));
    }
    if (nanos < Long.MAX_VALUE) {
      tick =
          timer.schedule(
              this::tick, Math.clamp(nanos, TICK_NANOS_MIN, TICK_NANOS_MAX), TimeUnit.NANOSECONDS);
    }
  }

  private long nanosUntil(Waiter waiter, long now) {
    return Math.max(
        all.nanosUntil(waiter.wanted(), now),
        waiter.peer().granted.nanosUntil(waiter.wanted(), now));
  }

  private void tick() {
    var called = new ArrayList<Waiter>();
    synchronized (this) {
      tick = null;
      long now = nanoTime.getAsLong();
      long left = all.available(Long.MAX_VALUE, now);
      for (int i = waiting.size(); i > 0; i--) {
        Waiter waiter = waiting.remove();
        boolean isDue = left > 0 && nanosUntil(waiter, now) == 0;
        if (isDue) {
          left -= Math.min(waiter.wanted(), all.quantum());
          called.add(waiter);
        } else {
          waiting.add(waiter);
        }
      }
      schedule();
    }
    called.forEach(waiter -> waiter.ready().run());
  }

  // What peers may send

  private void beginSharing() {
    if (!isSharing && !limit.isUnlimited()) {
      isSharing = true;
      timer.schedule(this::shareAgain, SHARES_EVERY_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void shareAgain() {
    List<Runnable> tellings;
    synchronized (this) {
      boolean goesOn = isContended || peers.stream().anyMatch(Peer::isSharing);
      tellings = share();
      peers.forEach(peer -> peer.received = 0);
      isContended = !waiting.isEmpty();
      isSharing = false;
      if (goesOn) {
        beginSharing();
      }
    }
    tellings.forEach(Runnable::run);
  }

  /** What there is to tell to whom; to be told without the lock. */
  private List<Runnable> share() {
    long sharing = Math.max(1, peers.stream().filter(Peer::isSharing).count());
    Limit share =
        limit.isUnlimited()
            ? limit
            : new Limit(limit.perSecond() / (isContended ? 2 * sharing : sharing));
    var tellings = new ArrayList<Runnable>();
    for (Peer peer : peers) {
      if (!share.equals(peer.told)) {
        peer.told = share;
        tellings.add(() -> peer.tell.accept(share));
      }
    }
    return tellings;
  }

  /** One peer, over all lanes of its session. */
  final class Peer {
    private final Consumer<Limit> tell;

    /** What it lets us send. */
    private final Flow granted = new Flow();

    private volatile boolean isGranted = true;
    private Limit told = Limit.UNLIMITED;
    private long received;

    private WireBytes carried = new WireBytes(0, 0);
    private long carriedAt = nanoTime.getAsLong();
    private volatile long bitsPerSecond = UNMEASURED;

    private Peer(Consumer<Limit> tell) {
      this.tell = tell;
    }

    /** It can be told now; it is where there is something to tell. */
    void greet() {
      List<Runnable> tellings;
      synchronized (WirePace.this) {
        peers.add(this);
        tellings = share();
      }
      tellings.forEach(Runnable::run);
    }

    /** It says how many bytes a second it takes. */
    void grants(Limit bytesPerSecond) {
      synchronized (WirePace.this) {
        granted.limitTo(bytesPerSecond, nanoTime.getAsLong());
        isGranted = bytesPerSecond.isUnlimited();
        schedule();
      }
    }

    /** Takes note of what it and we have sent so far; now and then, by one thread. */
    void carried(WireBytes soFar) {
      long now = nanoTime.getAsLong();
      long more = soFar.sent() + soFar.received() - carried.sent() - carried.received();
      if (now - carriedAt > 0) {
        bitsPerSecond = Math.round(more * 8e9 / (now - carriedAt));
      }
      carried = soFar;
      carriedAt = now;
    }

    /** See {@link WireMeter#take}. */
    int take(int bytesMax, Runnable ready) {
      return limit.isUnlimited() && isGranted
          ? bytesMax
          : WirePace.this.take(this, bytesMax, ready);
    }

    /** Bytes go out that nobody asked for; fewer than none were taken and not used. */
    void sent(long bytes) {
      if (!limit.isUnlimited() || !isGranted) {
        count(this, bytes);
      }
    }

    void received(long bytes) {
      if (!limit.isUnlimited()) {
        countReceived(this, bytes);
      }
    }

    private boolean isMeasured() {
      return bitsPerSecond != UNMEASURED;
    }

    private boolean isSharing() {
      return received
          >= Math.max(SHARING_BYTES_MIN, all.bytesPerSecond().perSecond() / SHARING_PART);
    }

    void close() {
      List<Runnable> abandoned;
      synchronized (WirePace.this) {
        peers.remove(this);
        abandoned =
            waiting.stream().filter(waiter -> waiter.peer() == this).map(Waiter::ready).toList();
        waiting.removeIf(waiter -> waiter.peer() == this);
        granted.limitTo(Limit.UNLIMITED, nanoTime.getAsLong());
      }
      abandoned.forEach(Runnable::run);
    }
  }
}
