package io.driftless.protocol.wire;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a {@link PackingChain}: unpacks what came over a lane in the order in which it
 * came, away from the event loop, and passes everything on in that order. What isn't chained, and
 * has nothing chained before it, is passed on at once.
 *
 * <p>{@link #take} is called by one thread at a time, {@link #close} by any.
 */
final class UnpackingChain implements AutoCloseable {
  /** Where everything goes. Called by one thread at a time. */
  interface Sink {
    /** Takes a message, of which no records are chained. */
    void passed(int stream, Message message);

    /** Something failed, mostly since the peer broke the protocol; nothing is passed any more. */
    void broken(Throwable reason);
  }

  private enum State {
    /** Nothing waits. */
    IDLE,
    /** A thread unpacks. */
    RUNNING,
    /** There is no room for what comes next. */
    PAUSED
  }

  private record Arrival(int stream, Message message) {}

  private final boolean mayBeChained;
  private final UnreadBytes unread;
  private final Sink sink;
  private final Executor executor;
  private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
  private State state = State.IDLE;
  private boolean isClosed;

  /** Confined to whoever runs. */
  private @Nullable ZstdDecompressCtx context;

  /**
   * A chain that has not begun.
   *
   * @param mayBeChained whether the lane is one of those that have a chain
   * @param unread where there is room for what is unpacked
   * @param executor for what takes time
   */
  UnpackingChain(boolean mayBeChained, UnreadBytes unread, Sink sink, Executor executor) {
    this.mayBeChained = mayBeChained;
    this.unread = unread;
    this.sink = sink;
    this.executor = executor;
  }

  /** Takes a message and the buffer that it may own. Never blocks. */
  void take(int stream, Message message) {
    if (!mayBeChained && chainedOf(message) != null) {
      MessageCodec.release(message);
      throw new CorruptedFrameException("chained records on a lane without a chain");
    }
    if (hasToWait(message)) {
      queue(new Arrival(stream, message));
    } else {
      sink.passed(stream, message);
    }
  }

  private synchronized boolean hasToWait(Message message) {
    return state != State.IDLE || chainedOf(message) != null;
  }

  private static @Nullable Packed chainedOf(Message message) {
    Packed records = MessageCodec.packedOf(message);
    return records != null && records.isChained() ? records : null;
  }

  private void queue(Arrival arrival) {
    synchronized (this) {
      if (isClosed) {
        release(arrival);
        return;
      }
      waiting.add(arrival);
      if (state != State.IDLE) {
        return;
      }
      state = State.RUNNING;
    }
    start();
  }

  private void start() {
    try {
      executor.execute(this::run);
    } catch (RejectedExecutionException e) {
      run(); // the agent stops, and nothing takes long any more
    }
  }

  private void run() {
    try {
      Arrival arrival = next();
      while (arrival != null && isPassed(arrival)) {
        arrival = next();
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      close();
      next(); // lets go of the context, since it is closed
      sink.broken(e);
    }
  }

  /** What comes next; null if nothing does, and nobody runs any more. */
  private synchronized @Nullable Arrival next() {
    Arrival arrival = waiting.poll();
    if (arrival == null) {
      state = State.IDLE;
      if (isClosed) {
        closeContext();
      }
    }
    return arrival;
  }

  /** False if there is no room, and nobody runs any more. */
  private boolean isPassed(Arrival arrival) {
    Packed chained = chainedOf(arrival.message());
    if (chained == null || !(arrival.message() instanceof ContentMessage content)) {
      sink.passed(arrival.stream(), arrival.message());
      return true;
    }
    ByteBuf room = roomFor(arrival, chained);
    if (room == null) {
      return false;
    }
    sink.passed(arrival.stream(), content.with(unpack(chained, room)));
    return true;
  }

  private @Nullable ByteBuf roomFor(Arrival arrival, Packed chained) {
    boolean isDone = false;
    synchronized (this) {
      try {
        ByteBuf room = unread.room(chained.plainBytes(), this::goOn);
        if (room == null) {
          state = State.PAUSED;
          waiting.addFirst(arrival);
        }
        isDone = true;
        return room;
      } finally {
        if (!isDone) {
          release(arrival);
        }
      }
    }
  }

  private void goOn() {
    synchronized (this) {
      if (state != State.PAUSED || isClosed) {
        return;
      }
      state = State.RUNNING;
    }
    start();
  }

  /** Takes both buffers. */
  private Packed unpack(Packed chained, ByteBuf plain) {
    boolean isDone = false;
    try {
      unpack(contextFor(chained), chained.bytes().nioBuffer(), plain);
      if (Packer.checksum(plain) != chained.checksum()) {
        throw new CorruptedFrameException("records that are not what was packed");
      }
      isDone = true;
      return new Packed(Packing.PLAIN, chained.plainBytes(), chained.checksum(), plain);
    } catch (ZstdException e) {
      throw new CorruptedFrameException("records that can't be unpacked", e);
    } finally {
      chained.bytes().release();
      if (!isDone) {
        plain.release();
      }
    }
  }

  private ZstdDecompressCtx contextFor(Packed packed) {
    if (packed.packing() == Packing.CHAIN_START) {
      if (context == null) {
        context = new ZstdDecompressCtx();
      }
      context.reset();
      context.setLongMax(PackingChain.WINDOW_LOG);
    }
    if (context == null) {
      throw new CorruptedFrameException("records that go on with nothing");
    }
    return context;
  }

  private static void unpack(ZstdDecompressCtx context, ByteBuffer packed, ByteBuf plain) {
    ByteBuffer into = plain.nioBuffer(0, plain.capacity());
    int left = packed.remaining() + into.remaining();
    boolean isStuck = false;
    while (left > 0 && !isStuck) {
      context.decompressDirectByteBufferStream(into, packed);
      int before = left;
      left = packed.remaining() + into.remaining();
      isStuck = left == before;
    }
    if (left > 0) {
      throw new CorruptedFrameException("records of another size than they should have");
    }
    plain.writerIndex(plain.capacity());
  }

  /** Drops what waits. */
  @Override
  public synchronized void close() {
    isClosed = true;
    waiting.forEach(UnpackingChain::release);
    waiting.clear();
    if (state != State.RUNNING) {
      closeContext();
    }
  }

  private void closeContext() {
    if (context != null) {
      context.close();
      context = null;
    }
  }

  private static void release(Arrival arrival) {
    MessageCodec.release(arrival.message());
  }
}
