package io.driftless.protocol.wire;

import io.driftless.protocol.identity.TlsContexts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * What all sessions of an agent share: event loops, the budget of what may wait to be sent, the
 * gate, TLS. One per agent, closed after its sessions and its acceptor.
 */
public final class Transport implements AutoCloseable {
  /** Version of the protocol that this program speaks. */
  public static final int VERSION = 1;

  public static final int QUEUED_CONTENT_BYTES_DEFAULT = 2 << 20;

  private static final int THREADS_MAX = 8;

  /** How long to wait for last words to go out: event loops close what is open at once. */
  private static final int LAST_WORDS_MILLIS = 1500;

  private static final int LAST_WORDS_PAUSE_MILLIS = 5;

  private static final int REST_MILLIS = 2000;

  /**
   * How an agent appears to its peers, and what its sessions may use.
   *
   * @param software version of the program
   * @param agentName for people
   * @param queuedContentBytesMax content that may wait before the lanes, all sessions together
   */
  public record Options(
      String software,
      String agentName,
      int queuedContentBytesMax,
      WireSettings settings,
      InstantSource clock,
      LongSupplier nanoTime) {
    public Options(String software, String agentName) {
      this(
          software,
          agentName,
          QUEUED_CONTENT_BYTES_DEFAULT,
          WireSettings.DEFAULT,
          InstantSource.system(),
          System::nanoTime);
    }

    public Options with(WireSettings settings) {
      return new Options(software, agentName, queuedContentBytesMax, settings, clock, nanoTime);
    }

    public Options withQueuedContent(int bytesMax) {
      return new Options(software, agentName, bytesMax, settings, clock, nanoTime);
    }
  }

  private final Options options;
  private final TlsContexts tls;
  private final UUID instance = UUID.randomUUID();
  private final EventLoopGroup loops;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final SendBudget budget;
  private final Packer packer;
  private final WirePace pace;

  public Transport(Options options, TlsContexts tls) {
    this.options = options;
    this.tls = tls;
    pace = new WirePace(options.nanoTime());
    budget =
        new SendBudget(
            options.queuedContentBytesMax(), options.nanoTime(), () -> pace.limit().perSecond());
    packer = new Packer(allocator(), budget::bytesPerSecond);
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, THREADS_MAX);
    loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("wire", true), NioIoHandler.newFactory());
  }

  /** Drawn anew by each process: tells a reconnecting agent from a clone of its machine. */
  public UUID instance() {
    return instance;
  }

  Options options() {
    return options;
  }

  WireSettings settings() {
    return options.settings();
  }

  /** How fast the agent may send and receive; changed at any time. */
  public WirePace pace() {
    return pace;
  }

  LongSupplier nanoTime() {
    return options.nanoTime();
  }

  InstantSource clock() {
    return options.clock();
  }

  TlsContexts tls() {
    return tls;
  }

  EventLoopGroup loops() {
    return loops;
  }

  /** For work that may block. */
  ExecutorService blocking() {
    return blocking;
  }

  SendBudget budget() {
    return budget;
  }

  ByteBufAllocator allocator() {
    return PooledByteBufAllocator.DEFAULT;
  }

  Packer packer() {
    return packer;
  }

  /** Refuses to wait on an event loop. */
  void requireOffLoop() {
    for (EventExecutor loop : loops) {
      if (loop.inEventLoop()) {
        throw new IllegalStateException("content is never sent from an event loop: it may block");
      }
    }
  }

  /** Takes note of a connection, for {@link #close}. */
  void opened(Channel channel) {
    connections.add(channel);
  }

  @Override
  public void close() {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
    while (!connections.isEmpty() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_PAUSE_MILLIS));
    }
    loops.shutdownGracefully(0, REST_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    blocking.shutdownNow();
    packer.close();
  }
}
