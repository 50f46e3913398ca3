package io.driftless.protocol.wire;

import io.driftless.protocol.wire.Session.WireBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of one connection between TLS and the socket, and settles them with whoever
 * paces them. Read by any thread; the rest is confined to the event loop.
 */
final class WireMeter extends ChannelDuplexHandler {
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private WirePace.@Nullable Peer pace;

  /** Taken at the gate, and not written yet. */
  private long prepaid;

  /** Has everything paced from now on. */
  void payTo(WirePace.Peer peer) {
    pace = peer;
  }

  /**
   * Takes ciphertext bytes off what may be sent on a data lane; control lanes don't ask. Must not
   * block.
   *
   * @param bytesMax how many are waiting, at least 1
   * @param ready called once from any thread when it is worthwhile to ask again; only if the answer
   *     is 0
   * @return how many may go at once, 0 to {@code bytesMax}
   */
  int take(int bytesMax, Runnable ready) {
    WirePace.Peer to = pace;
    if (to == null) {
      return bytesMax;
    }
    int granted = to.take(bytesMax, ready);
    prepaid += granted;
    return granted;
  }

  /** Nothing that was taken is on its way any more; what was not used is given back. */
  void settle() {
    WirePace.Peer to = pace;
    if (to != null && prepaid > 0) {
      to.sent(-prepaid);
    }
    prepaid = 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      received.add(bytes.readableBytes());
      if (pace != null) {
        pace.received(bytes.readableBytes());
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      sent.add(bytes.readableBytes());
      pay(bytes.readableBytes());
    }
    context.write(message, promise);
  }

  private void pay(int bytes) {
    WirePace.Peer to = pace;
    long covered = Math.min(prepaid, bytes);
    prepaid -= covered;
    if (to != null && covered < bytes) {
      to.sent(bytes - covered);
    }
  }

  WireBytes bytes() {
    return new WireBytes(sent.sum(), received.sum());
  }
}
