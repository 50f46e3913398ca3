package io.driftless.protocol.wire;

import io.driftless.protocol.identity.RefusedException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** One attempt to connect to an agent and to finish a TLS handshake with it. */
final class OutgoingConnection {
  /** Makes a connection of a channel whose handshake is done, on its event loop. */
  interface Next {
    Connection secured(Channel channel, WireMeter meter) throws RefusedException;
  }

  private final Transport transport;
  private final InetSocketAddress address;

  OutgoingConnection(Transport transport, InetSocketAddress address) {
    this.transport = transport;
    this.address = address;
  }

  /**
   * Begins.
   *
   * @param tls given up here
   * @param result is failed if it comes to nothing; once it is failed or cancelled, the connection
   *     is closed
   */
  void open(SslContext tls, CompletableFuture<?> result, Next next) {
    var meter = new WireMeter();
    ChannelFuture connecting =
        new Bootstrap()
            .group(transport.loops())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, transport.allocator())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) transport.settings().connectMax().toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    prepare(channel, meter, tls, result, next);
                  }
                })
            .connect(address);
    connecting.addListener(
        (ChannelFutureListener)
            connected -> {
              if (!connected.isSuccess()) {
                fail(result, connected.cause());
              }
            });
    result.whenComplete((_, failure) -> {
      if (failure != null) {
        connecting.channel().close();
      }
    });
  }

  private void prepare(
      Channel channel, WireMeter meter, SslContext tls, CompletableFuture<?> result, Next next) {
    TlsArrival.prepare(
        channel,
        meter,
        tls,
        transport.settings(),
        () -> {
          try {
            return next.secured(channel, meter);
          } catch (RefusedException e) {
            fail(result, e);
            throw new IllegalStateException(e);
          }
        },
        failure -> fail(result, failure));
  }

  private void fail(CompletableFuture<?> result, Throwable failure) {
    result.completeExceptionally(
        Failures.ofDialling(failure, address.getHostString() + ":" + address.getPort()));
  }
}
