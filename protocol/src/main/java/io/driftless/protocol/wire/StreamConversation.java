package io.driftless.protocol.wire;

import static java.util.Objects.requireNonNull;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.VolumeMessage.CloseVolume;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One stream of a session. Thread-safe. */
final class StreamConversation implements Conversation {
  /*
   * Several lanes deliver at once, and the end may come in between: from the peer, from this side,
   * from within a delivery. So deliveries are counted, and whoever makes the count reach zero after
   * the end tells the listener. Nobody ever waits.
   */
  private static final long ENDED = 1L << 62;

  private final LaneSession session;
  private final int stream;
  private final SendBudget.Share share = new SendBudget.Share();
  private final AtomicLong deliveries = new AtomicLong();
  private final AtomicBoolean isTelling = new AtomicBoolean();
  private final CompletableFuture<SessionEnd> told = new CompletableFuture<>();
  private volatile @Nullable ConversationListener listener;
  private volatile @Nullable SessionEnd end;
  private volatile boolean isOpened;

  StreamConversation(LaneSession session, int stream) {
    this.session = session;
    this.stream = stream;
  }

  /** Comes before the first delivery. */
  void listen(ConversationListener heard) {
    listener = heard;
  }

  int stream() {
    return stream;
  }

  @Override
  public void send(Message message) {
    if (MessageCodec.packedOf(message) != null) {
      MessageCodec.release(message);
      throw new IllegalArgumentException("content goes over the data lanes");
    }
    if (message instanceof VolumeOpened) {
      isOpened = true;
    }
    if (!isEnded()) {
      session.sendOnControl(message, stream);
    }
  }

  @Override
  public void sendContent(ContentMessage message, long affinity)
      throws IOException, InterruptedException {
    if (!isOpened) {
      // Nothing keeps a data lane from being faster than the control lane that opens the volume.
      MessageCodec.release(message);
      throw new IllegalStateException("no content before the volume is open");
    }
    if (!session.dataLanes().send(message, stream, share, affinity, this::isEnded)) {
      throw WireException.of(requireNonNull(end, "a conversation gives up only once it has ended"));
    }
  }

  @Override
  public void weigh(int weight) {
    session.transport().budget().weigh(share, weight);
  }

  @Override
  public Packed pack(ByteBuf plain) {
    return session.transport().packer().pack(plain);
  }

  @Override
  public int bundleBytes() {
    return session.transport().packer().bundleBytes();
  }

  @Override
  public ByteBuf unpack(Packed packed) {
    return session.transport().packer().unpack(packed);
  }

  @Override
  public ByteBufAllocator allocator() {
    return session.transport().allocator();
  }

  @Override
  public Session session() {
    return session;
  }

  @Override
  public void end(SessionEnd reason) {
    if (finish(reason)) {
      session.sendOnControl(
          new CloseVolume(reason.slug(), reason.message(), reason.hint()), stream);
      session.forget(this);
    }
  }

  /** Takes a message from the peer, and its buffer. */
  void received(Message message) {
    if (!enter()) {
      MessageCodec.release(message);
      return;
    }
    try {
      if (message instanceof CloseVolume(var slug, var text, var hint)) {
        finish(new SessionEnd(SessionEnd.Cause.PEER, slug, text, hint));
        session.forget(this);
        return;
      }
      if (message instanceof VolumeOpened) {
        isOpened = true;
      }
      requireNonNull(listener, "listens from the start").received(message);
    } finally {
      leave();
    }
  }

  /**
   * Ends without a word to the peer.
   *
   * @return false if it had ended before
   */
  boolean finish(SessionEnd reason) {
    synchronized (deliveries) {
      if (end != null) {
        return false;
      }
      end = reason;
    }
    session.transport().budget().wake();
    if (deliveries.getAndAdd(ENDED) == 0) {
      tell();
    }
    return true;
  }

  boolean isEnded() {
    return end != null;
  }

  /** Done when the listener has heard of the end. */
  CompletionStage<SessionEnd> told() {
    return told;
  }

  private boolean enter() {
    if (deliveries.getAndIncrement() < ENDED) {
      return true;
    }
    leave();
    return false;
  }

  private void leave() {
    if (deliveries.decrementAndGet() == ENDED && isEnded()) {
      tell();
    }
  }

  private void tell() {
    if (!isTelling.compareAndSet(false, true)) {
      return;
    }
    SessionEnd reason = requireNonNull(end, "set before it is told");
    ConversationListener heard = listener;
    try {
      if (heard != null) {
        heard.ended(reason);
      }
    } finally {
      told.complete(reason);
    }
  }
}
