package io.driftless.protocol.wire;

import io.driftless.protocol.linux.TcpSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Waits for the end of a TLS handshake and then makes way for a {@link Connection}. */
final class TlsArrival extends ChannelInboundHandlerAdapter {
  private static final WriteBufferWaterMark UNWRITTEN =
      new WriteBufferWaterMark(256 * 1024, 512 * 1024);

  private static final int UNSENT_BYTES = 128 * 1024;

  /** How long a peer that takes nothing may keep a connection from closing. */
  private static final long CLOSE_MILLIS = 500;

  private final Supplier<Connection> onSuccess;
  private final Consumer<Throwable> onFailure;
  private boolean isOver;

  private TlsArrival(Supplier<Connection> onSuccess, Consumer<Throwable> onFailure) {
    this.onSuccess = onSuccess;
    this.onFailure = onFailure;
  }

  /**
   * Prepares a channel.
   *
   * @param tls given up here
   * @param onSuccess makes the connection once TLS stands; called on the event loop
   * @param onFailure called once if it never does
   */
  static void prepare(
      Channel channel,
      WireMeter meter,
      SslContext tls,
      WireSettings settings,
      Supplier<Connection> onSuccess,
      Consumer<Throwable> onFailure) {
    SslHandler handler;
    try {
      handler = tls.newHandler(channel.alloc());
    } finally {
      ReferenceCountUtil.release(tls);
    }
    handler.setHandshakeTimeoutMillis(settings.handshakeMax().toMillis());
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
    handler.setWrapDataSize(0); // as it is: merging would copy, and the outbox has merged already
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    channel.config().setWriteBufferWaterMark(UNWRITTEN);
    limitUnsent(channel);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(meter, handler, new TlsArrival(onSuccess, onFailure));
  }

  /**
   * What waits is to wait where it is paced, shared and measured, and not in the kernel, which
   * would take megabytes of it. Not all channels are sockets, in tests.
   */
  private static void limitUnsent(Channel channel) {
    if (channel.unsafe() instanceof AbstractNioChannel.NioUnsafe socket) {
      TcpSocket.of(socket.ch()).ifPresent(tcp -> tcp.limitUnsent(UNSENT_BYTES));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!isOver && event instanceof SslHandshakeCompletionEvent completion) {
      if (completion.isSuccess()) {
        isOver = true;
        context.pipeline().replace(this, "frames", onSuccess.get());
      } else {
        fail(context, completion.cause());
      }
      return;
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(context, cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, new Connection.HungUp());
  }

  private void fail(ChannelHandlerContext context, Throwable cause) {
    if (!isOver) {
      isOver = true;
      onFailure.accept(cause);
    }
    context.close();
  }
}
