package io.driftless.protocol.wire;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.wire.SendBudget.Share;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The lanes over which a session sends content, and who sends over which. Thread-safe. */
final class DataLanes implements Iterable<Lane> {
  private static final int HEAD_BYTES = 128;

  private final Transport transport;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  DataLanes(Transport transport) {
    this.transport = transport;
  }

  void add(Lane lane) {
    lanes.add(lane);
  }

  @Nullable Lane find(int index) {
    return lanes.stream().filter(lane -> lane.index() == index).findFirst().orElse(null);
  }

  @Override
  public Iterator<Lane> iterator() {
    return lanes.iterator();
  }

  /**
   * Sends a message, waiting for room. Takes its buffer, whatever happens.
   *
   * @return false if that was given up
   */
  boolean send(
      ContentMessage message, int stream, Share share, long affinity, BooleanSupplier givenUp)
      throws InterruptedException {
    Packed records = MessageCodec.packedOf(message);
    int bytes = HEAD_BYTES + bytesExpected(records);
    boolean isTaken = false;
    Lane lane;
    try {
      transport.requireOffLoop();
      lane = laneFor(affinity);
      isTaken = transport.budget().take(share, bytes, givenUp);
    } finally {
      if (!isTaken) {
        MessageCodec.release(message);
      }
    }
    if (!isTaken) {
      return false;
    }
    if (records == null || !records.isChained()) {
      queue(lane, message, stream, share, bytes);
      return true;
    }
    var isPacked = new AtomicBoolean();
    try {
      lane.pack(
          message,
          records,
          packed -> {
            isPacked.set(true);
            queue(lane, packed, stream, share, bytes);
          });
    } finally {
      if (!isPacked.get()) {
        transport.budget().giveBack(share, bytes);
      }
    }
    return true;
  }

  private int bytesExpected(@Nullable Packed records) {
    if (records == null) {
      return 0;
    }
    return records.isChained()
        ? transport.packer().estimateChained(records.plainBytes())
        : records.bytes().readableBytes();
  }

  /** Takes the buffer of the message, and the bytes that were taken from the budget for it. */
  private void queue(Lane lane, ContentMessage message, int stream, Share share, int bytesTaken) {
    Packed records = MessageCodec.packedOf(message);
    ByteBuf body = records == null ? Unpooled.EMPTY_BUFFER : records.bytes();
    int bytes = HEAD_BYTES + body.readableBytes();
    if (bytes != bytesTaken) {
      transport.budget().correct(share, bytesTaken, bytes);
    }
    ByteBuf head = null;
    boolean isQueued = false;
    try {
      head = transport.allocator().directBuffer(HEAD_BYTES);
      MessageCodec.encode(message, stream, head);
      isQueued = true;
      lane.send(head, body, () -> transport.budget().giveBack(share, bytes));
    } finally {
      if (!isQueued) {
        body.release();
        if (head != null) {
          head.release();
        }
        transport.budget().giveBack(share, bytes);
      }
    }
  }

  private Lane laneFor(long affinity) {
    int count = lanes.size();
    if (count == 0) {
      throw new IllegalStateException("the session has no data lanes");
    }
    if (affinity != 0) {
      return lanes.get(Math.floorMod(Long.hashCode(affinity), count));
    }
    int first = turn.getAndIncrement();
    Lane least = lanes.get(Math.floorMod(first, count));
    for (int i = 1; i < count; i++) {
      Lane other = lanes.get(Math.floorMod(first + i, count));
      if (other.load() < least.load()) {
        least = other;
      }
    }
    return least;
  }
}
