package io.driftless.cli.control;

import io.driftless.cli.home.Home;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.protocol.tree.Escaped;
import io.driftless.source.session.SourceControl;
import io.driftless.target.session.TargetControl;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Answers commands on the control socket of an agent, until it is closed. */
public final class ControlServer implements AutoCloseable {
  private static final int REQUESTS_WAITING_MAX = 128;

  private final Path socket;
  private final EventLoopGroup loop;
  private final ThreadPoolExecutor worker;
  private final Channel listener;

  private ControlServer(
      Path socket, EventLoopGroup loop, ThreadPoolExecutor worker, Channel listener) {
    this.socket = socket;
    this.loop = loop;
    this.worker = worker;
    this.listener = listener;
  }

  /** Takes up the configuration as it is now, whole or not at all. */
  @FunctionalInterface
  public interface Reload {
    /**
     * @throws CommandFailure in one line, and nothing has changed
     */
    void reload() throws IOException;
  }

  /** Begins to answer for a source. The caller holds the lock of the home. */
  public static ControlServer start(Home home, SourceControl source, Reload reload, String version)
      throws IOException {
    return start(home, new SourceRoutes(source, reload, version, InstantSource.system()));
  }

  /** Begins to answer for a target. The caller holds the lock of the home. */
  public static ControlServer start(Home home, TargetControl target, Reload reload, String version)
      throws IOException {
    return start(home, new TargetRoutes(target, reload, version));
  }

  private static ControlServer start(Home home, ControlRoutes routes) throws IOException {
    home.checkSocketPath();
    removeStale(home.socket());
    var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    var worker = worker();
    try {
      ChannelFuture bound =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerDomainSocketChannel.class)
              .childHandler(new ControlPipeline(routes, worker))
              .bind(UnixDomainSocketAddress.of(home.socket()))
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw cannotListen(home, bound.cause());
      }
      // Whoever connects before this line is still asked who they are.
      Files.setPosixFilePermissions(home.socket(), PosixFilePermissions.fromString("rw-------"));
      return new ControlServer(home.socket(), loop, worker, bound.channel());
    } catch (Throwable failure) {
      worker.shutdownNow();
      var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw failure;
    }
  }

  private static ThreadPoolExecutor worker() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(REQUESTS_WAITING_MAX),
        Thread.ofPlatform().name("control").daemon().factory());
  }

  private static CommandFailure cannotListen(Home home, Throwable cause) {
    return new CommandFailure(
        ExitCode.FAILED,
        "control-socket",
        "cannot listen on %s: %s"
            .formatted(
                Escaped.display(home.socket().toString()), Escaped.display(cause.toString())),
        "look at the rights of its directory",
        cause);
  }

  /** A socket that nobody answers on is left over from an agent that was killed. */
  private static void removeStale(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean isSocket =
        Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther();
    if (!isSocket || answers(socket)) {
      throw new CommandFailure(
          ExitCode.FAILED,
          isSocket ? "home-in-use" : "control-socket",
          Escaped.display(socket.toString())
              + (isSocket ? " is answered by another agent" : " is not a socket"),
          isSocket ? "stop it first" : "remove it");
    }
    Files.delete(socket);
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  public Path socket() {
    return socket;
  }

  /** Stops answering and removes the socket. */
  @Override
  public void close() throws IOException {
    listener.close().awaitUninterruptibly();
    Files.deleteIfExists(socket);
    worker.shutdown();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
