package io.driftless.cli.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up each connection, if its other end may use it. */
final class ControlPipeline extends ChannelInitializer<Channel> {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPipeline.class);
  private static final int CONNECTIONS_MAX = 64;
  private static final int LINE_BYTES_MAX = 4096;
  private static final int HEADER_BYTES_MAX = 8192;
  private static final int CHUNK_BYTES_MAX = 8192;
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int IDLE_SECONDS_MAX = 60;

  private final Answers answers;
  private final Executor worker;
  private final Admission admission;
  private final AtomicInteger connections = new AtomicInteger();

  /** Who may use it. */
  @FunctionalInterface
  interface Admission {
    boolean admits(Channel channel) throws IOException;
  }

  ControlPipeline(Answers answers, Executor worker, Admission admission) {
    this.answers = answers;
    this.worker = worker;
    this.admission = admission;
  }

  @Override
  protected void initChannel(Channel channel) throws IOException {
    channel.closeFuture().addListener(_ -> connections.decrementAndGet());
    if (connections.incrementAndGet() > CONNECTIONS_MAX || !admission.admits(channel)) {
      var _ = channel.close();
      return;
    }
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS_MAX))
        .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES_MAX))
        .addLast(new HttpServerKeepAliveHandler())
        .addLast(new Aggregator())
        .addLast(new ControlHandler(answers, worker));
  }

  /** Refuses what is too large, and does not wait for the rest of it. */
  private static final class Aggregator extends HttpObjectAggregator {
    Aggregator() {
      super(BODY_BYTES_MAX);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized)
        throws Exception {
      super.handleOversizedMessage(context, oversized);
      var _ = context.close();
    }
  }

  /** Only root and the user of this process, whatever the mode of the socket has become. */
  static boolean isSameUserOrRoot(Channel channel) throws IOException {
    UnixDomainPrincipal peer =
        channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
    if (peer == null) {
      return false;
    }
    UserPrincipal self = Files.getOwner(Path.of("/proc/self"));
    boolean allowed = peer.user().equals(self) || isRoot(peer.user());
    if (!allowed) {
      LOG.warn("refused user {} on the control socket", peer.user().getName());
    }
    return allowed;
  }

  private static boolean isRoot(UserPrincipal user) throws IOException {
    return user.equals(
        Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root"));
  }
}
