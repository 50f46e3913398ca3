package io.driftless.protocol.wire;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;

/** One volume's stream of messages within a session. Thread-safe. */
public interface Conversation {
  /** What is worth packing at a time where the wire is fast. */
  int BUNDLE_BYTES_USUAL = 256 * 1024;

  /**
   * Queues a small message on the control lane; order is kept. Never blocks: the windows of the
   * protocol bound what can be queued. Does nothing once the conversation has ended; its listener
   * hears of that.
   */
  void send(Message message);

  /**
   * Sends entries or content over a data lane; blocks until there is room in the queue before the
   * lanes. Takes the message's buffer, whatever happens. Messages sent with the same {@code
   * affinity} keep their order; 0 leaves the choice to the lanes. Not before {@code VolumeOpened}
   * has been sent or received: there is no order between the lanes.
   *
   * @throws IOException if the conversation has ended
   */
  void sendContent(ContentMessage message, long affinity) throws IOException, InterruptedException;

  /**
   * Has {@link #sendContent} be served so many times as often as that of a conversation with the
   * weight 1, where several wait for room. From 1 on.
   */
  default void weigh(int weight) {}

  /**
   * Packs plain records for sending: compresses them where that pays on the present connection.
   * Takes {@code plain} and returns a message part that owns its buffer.
   */
  ContentMessage.Packed pack(ByteBuf plain);

  /**
   * How many plain bytes are worth packing at a time on the present connection: the slower it is,
   * the more, as large bundles compress better. At most half of {@link
   * ContentMessage#RECORDS_BYTES_MAX}.
   */
  default int bundleBytes() {
    return BUNDLE_BYTES_USUAL;
  }

  /**
   * The plain bytes of what was received, checked against their length and checksum. Takes the
   * buffer of {@code packed}, whatever happens; the caller releases the result. Never on an event
   * loop: this is work.
   *
   * @throws io.netty.handler.codec.CorruptedFrameException if they are not what was packed; the
   *     peer then breaks the protocol
   */
  ByteBuf unpack(ContentMessage.Packed packed);

  /** Where buffers for {@link #sendContent} come from: pooled, direct. */
  ByteBufAllocator allocator();

  Session session();

  /** Ends this conversation with a last word to the peer. Idempotent, doesn't block. */
  void end(SessionEnd reason);
}
