package io.driftless.protocol.wire;

import io.driftless.protocol.message.Message;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one connection. Filled by any thread, emptied by the event loop of
 * the connection as fast as its socket takes it.
 *
 * <p>Small messages gather in shared buffers, so that a burst of them is encrypted and written at
 * once. Content goes out from the buffer that it lies in, in slices, without a copy.
 */
final class Outbox {
  /** What is handed to TLS at once. */
  private static final int SLICE_BYTES = 64 * 1024;

  private static final int GATHER_BYTES = 32 * 1024;
  private static final int GATHER_BYTES_FIRST = 512;

  /** TLS adds 22 bytes to every record of 16 KiB. */
  private static final int RECORD_PLAIN_BYTES = 16 * 1024;

  private static final int RECORD_EXTRA_BYTES = 22;
  private static final Runnable NOTHING = () -> {};

  private enum Pace {
    AT_ONCE,
    BY_THE_GATE
  }

  /** Bytes that belong together; {@code whenGone} is run once they are written or dropped. */
  private record Parcel(ByteBuf bytes, Pace pace, Runnable whenGone) {}

  private final Channel channel;
  private final WireMeter gate;
  private final Object lock = new Object();
  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private @Nullable ByteBuf gathering;
  private long queuedBytes;
  private boolean isScheduled;
  private boolean isClosed;

  /** Confined to the event loop. */
  private boolean isDraining;

  /** Whether the gate has yet to call. Confined to the event loop. */
  private boolean isAtGate;

  Outbox(Channel channel, WireMeter gate) {
    this.channel = channel;
    this.gate = gate;
  }

  /**
   * Appends a message without records.
   *
   * @return bytes that wait to be written now, this message included
   * @throws IllegalArgumentException if it exceeds the limits of its type
   */
  long add(Message message, int stream) {
    return add(message, stream, NOTHING);
  }

  /** As {@link #add(Message, int)}; runs something once the message is written or dropped. */
  long add(Message message, int stream, Runnable whenWritten) {
    synchronized (lock) {
      if (isClosed) {
        return 0;
      }
      ByteBuf into = gathering;
      if (into == null) {
        into = channel.alloc().directBuffer(GATHER_BYTES_FIRST);
        gathering = into;
      }
      int before = into.writerIndex();
      MessageCodec.encode(message, stream, into);
      queuedBytes += into.writerIndex() - before;
      if (into.writerIndex() >= GATHER_BYTES || whenWritten != NOTHING) {
        closeGathering(whenWritten);
      }
      schedule();
      return queuedBytes;
    }
  }

  /**
   * Appends a frame with content. Takes both buffers, whatever happens.
   *
   * @param whenGone run once, on any thread, when the frame is written or dropped
   */
  void add(ByteBuf head, ByteBuf body, Runnable whenGone) {
    synchronized (lock) {
      if (!isClosed) {
        closeGathering(NOTHING);
        queuedBytes += (long) head.readableBytes() + body.readableBytes();
        waiting.add(new Parcel(head, Pace.BY_THE_GATE, NOTHING));
        waiting.add(new Parcel(body, Pace.BY_THE_GATE, whenGone));
        schedule();
        return;
      }
    }
    head.release();
    body.release();
    whenGone.run();
  }

  long queuedBytes() {
    synchronized (lock) {
      return queuedBytes;
    }
  }

  /** Writes what the socket takes. On the event loop. */
  void drain() {
    if (isDraining) {
      return;
    }
    isDraining = true;
    try {
      boolean wrote = false;
      for (Parcel parcel = next(); parcel != null; parcel = next()) {
        if (!write(parcel)) {
          break;
        }
        wrote = true;
        if (!channel.isWritable()) {
          channel.flush(); // may make it writable again
        }
      }
      if (wrote) {
        channel.flush();
        gate.settle();
      }
    } finally {
      isDraining = false;
    }
  }

  /** Drops what waits; what is added later is dropped as well. On the event loop. */
  void close() {
    Deque<Parcel> dropped;
    synchronized (lock) {
      isClosed = true;
      closeGathering(NOTHING);
      dropped = new ArrayDeque<>(waiting);
      waiting.clear();
      queuedBytes = 0;
    }
    for (Parcel parcel : dropped) {
      parcel.bytes().release();
      parcel.whenGone().run();
    }
  }

  private void closeGathering(Runnable whenWritten) {
    if (gathering != null) {
      waiting.add(new Parcel(gathering, Pace.AT_ONCE, whenWritten));
      gathering = null;
    }
  }

  private void schedule() {
    if (!isScheduled) {
      isScheduled = true;
      channel.eventLoop().execute(this::drain);
    }
  }

  private @Nullable Parcel next() {
    synchronized (lock) {
      isScheduled = false;
      if (!channel.isWritable()) {
        return null; // the connection calls again when it is
      }
      if (waiting.isEmpty()) {
        closeGathering(NOTHING);
      }
      return waiting.peek();
    }
  }

  /** Writes one slice; false if the gate is shut. */
  private boolean write(Parcel parcel) {
    ByteBuf bytes = parcel.bytes();
    int slice = Math.min(SLICE_BYTES, bytes.readableBytes());
    // A segment that is all hole has a body without a byte, which no gate has to let through.
    if (slice > 0 && parcel.pace() == Pace.BY_THE_GATE) {
      slice = throughGate(slice);
      if (slice == 0) {
        return false;
      }
    }
    boolean isLast = slice == bytes.readableBytes();
    synchronized (lock) {
      if (isClosed) {
        return false;
      }
      if (isLast) {
        waiting.remove();
      }
    }
    int written = slice;
    ByteBuf out = isLast ? bytes : bytes.readRetainedSlice(slice);
    channel
        .write(out)
        .addListener(
            (ChannelFutureListener)
                _ -> {
                  gone(written);
                  if (isLast) {
                    parcel.whenGone().run();
                  }
                });
    return true;
  }

  private int throughGate(int plainBytes) {
    if (isAtGate) {
      return 0;
    }
    int records = (plainBytes + RECORD_PLAIN_BYTES - 1) / RECORD_PLAIN_BYTES;
    int extra = records * RECORD_EXTRA_BYTES;
    int granted = gate.take(plainBytes + extra, this::gateOpens);
    isAtGate = granted == 0;
    return isAtGate ? 0 : Math.min(plainBytes, Math.max(1, granted - extra));
  }

  private void gateOpens() {
    try {
      channel
          .eventLoop()
          .execute(() -> {
            isAtGate = false;
            drain();
          });
    } catch (RejectedExecutionException e) {
      // The agent stops, and nothing is sent any more.
    }
  }

  private void gone(int bytes) {
    synchronized (lock) {
      if (!isClosed) {
        queuedBytes -= bytes;
      }
    }
  }
}
