package io.driftless.cli.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Answers HTTP at one address, with an event loop and a worker of its own. */
final class Listener implements AutoCloseable {
  private static final int REQUESTS_WAITING_MAX = 128;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(REQUESTS_WAITING_MAX),
          Thread.ofPlatform().name("control").daemon().factory());
  private final Channel channel;
  private final Optional<Throwable> failure;

  private Listener(
      ServerBootstrap bootstrap,
      SocketAddress address,
      Answers answers,
      ControlPipeline.Admission admission) {
    ChannelFuture bound =
        bootstrap
            .group(loop)
            .childHandler(new ControlPipeline(answers, worker, admission))
            .bind(address)
            .awaitUninterruptibly();
    channel = bound.channel();
    failure = Optional.ofNullable(bound.cause());
    if (failure.isPresent()) {
      close();
    }
  }

  /** For root and the user of this process. */
  static Listener onSocket(Path socket, Answers answers) {
    return new Listener(
        new ServerBootstrap().channel(NioServerDomainSocketChannel.class),
        UnixDomainSocketAddress.of(socket),
        answers,
        ControlPipeline::isSameUserOrRoot);
  }

  /** For everybody. */
  static Listener onPort(InetSocketAddress address, Answers answers) {
    return new Listener(
        new ServerBootstrap().channel(NioServerSocketChannel.class), address, answers, _ -> true);
  }

  /** Why it does not listen; it is closed then. */
  Optional<Throwable> failure() {
    return failure;
  }

  void stopListening() {
    channel.close().awaitUninterruptibly();
  }

  @Override
  public void close() {
    stopListening();
    worker.shutdown();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
