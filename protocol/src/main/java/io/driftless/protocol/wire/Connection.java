package io.driftless.protocol.wire;

import io.driftless.protocol.message.Message;
import io.driftless.protocol.wire.Session.WireBytes;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * One TLS connection that carries frames; the last handler of its channel. It has an owner, first
 * whoever greets, then the session.
 *
 * <p>What arrives is handled on the event loop of the channel; sending is open to every thread.
 */
final class Connection extends ChannelInboundHandlerAdapter implements FrameAssembler.Sink {
  /** Who decides about a connection. Called on its event loop. */
  interface Owner {
    /** See {@link FrameAssembler.Sink#expect}. */
    void expect(Connection from, FrameHeader header);

    /** Takes a message and the buffer that it may own. */
    void received(Connection from, int stream, Message message);

    /** The connection is gone, without or with a reason; the last call. */
    void lost(Connection connection, Throwable reason);

    /** It has carried or lived as much as a connection should. May be repeated. */
    default void wornOut(Connection connection) {}
  }

  /** The reason for a loss where the peer just hung up. */
  static final class HungUp extends Exception {
    private static final long serialVersionUID = 1;

    HungUp() {
      super("the peer closed the connection", null, false, false);
    }
  }

  private final Channel channel;
  private final WireMeter meter;
  private final Outbox outbox;
  private final FrameAssembler assembler;
  private final WireSettings settings;
  private final LongSupplier nanoTime;
  private final long openedNanos;
  private volatile Owner owner;
  private volatile long receivedNanos;
  private boolean isLost;
  private long stalledSinceNanos;
  private long stalledAtBytes = -1;

  Connection(Channel channel, WireMeter meter, Transport transport, Owner owner) {
    this.channel = channel;
    this.meter = meter;
    this.owner = owner;
    outbox = new Outbox(channel, meter);
    assembler = new FrameAssembler(channel.alloc(), this);
    settings = transport.settings();
    nanoTime = transport.nanoTime();
    openedNanos = nanoTime.getAsLong();
    receivedNanos = openedNanos;
    transport.opened(channel);
  }

  Channel channel() {
    return channel;
  }

  Outbox outbox() {
    return outbox;
  }

  WireBytes bytes() {
    return meter.bytes();
  }

  SslHandler tls() {
    return channel.pipeline().get(SslHandler.class);
  }

  /** Hands the connection over to a lane, on its event loop. */
  void belongTo(Lane next) {
    owner = next;
    meter.payTo(next.pace());
  }

  /** When a frame was last received, by the clock of the transport. */
  long receivedNanos() {
    return receivedNanos;
  }

  /** Keeps back what arrives, from within {@link Owner#received} on. */
  void hold() {
    assembler.hold();
    channel.config().setAutoRead(false);
  }

  /** Goes on with what was kept back. From any thread. */
  void resume() {
    channel
        .eventLoop()
        .execute(() -> {
          if (assembler.isHeld() && !isLost) {
            guarded(assembler::resume);
            channel.config().setAutoRead(true);
          }
        });
  }

  /** Drops what waits to be sent, now and later. From any thread. */
  void abandon() {
    channel.eventLoop().execute(outbox::close);
  }

  /** Closes without further ado. From any thread; the owner hears of it. */
  void close() {
    channel.close();
  }

  /** Looks whether the connection is too old, or its socket takes nothing any more. */
  void inspect() {
    channel.eventLoop().execute(this::inspectOnLoop);
  }

  private void inspectOnLoop() {
    if (isLost) {
      return;
    }
    reportWear();
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    long now = nanoTime.getAsLong();
    if (pending == null || pending.isEmpty()) {
      stalledAtBytes = -1;
      return;
    }
    long at = meter.bytes().sent() - pending.totalPendingWriteBytes() + pending.currentProgress();
    if (at != stalledAtBytes) {
      stalledAtBytes = at;
      stalledSinceNanos = now;
    } else if (now - stalledSinceNanos > settings.silenceMax().toNanos()) {
      lose(new IOException("the peer has taken nothing for " + settings.silenceMax()));
    }
  }

  private void reportWear() {
    WireBytes bytes = meter.bytes();
    if (bytes.sent() > settings.laneBytesMax()
        || bytes.received() > settings.laneBytesMax()
        || nanoTime.getAsLong() - openedNanos > settings.laneAgeMax().toNanos()) {
      owner.wornOut(this);
    }
  }

  @Override
  public void expect(FrameHeader header) {
    owner.expect(this, header);
  }

  @Override
  public void received(int stream, Message message) {
    receivedNanos = nanoTime.getAsLong();
    owner.received(this, stream, message);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isLost || !(message instanceof ByteBuf chunk)) {
      ReferenceCountUtil.release(message);
      return;
    }
    guarded(() -> assembler.feed(chunk));
  }

  /** Whatever goes wrong while a frame is handled is laid at the peer's door. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      lose(e);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reportWear();
    context.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      outbox.drain();
      reportWear();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lose(new HungUp());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    lose(cause);
  }

  private void lose(Throwable reason) {
    if (isLost) {
      return;
    }
    isLost = true;
    assembler.close();
    owner.lost(this, reason);
    outbox.drain(); // perhaps a last word
    outbox.close();
    channel.close();
  }

  @Override
  public String toString() {
    return String.valueOf(channel.remoteAddress());
  }
}
