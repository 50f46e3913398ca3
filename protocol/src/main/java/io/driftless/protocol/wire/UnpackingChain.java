package io.driftless.protocol.wire;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.EndOfChain;
import io.driftless.protocol.wire.UnreadBytes.Vacancy;
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
 * <p>Where whoever reads doesn't keep up, what was unpacked is packed again, each for itself; where
 * that takes too much room as well, the lane waits.
 *
 * <p>{@link #take} is called by one thread at a time, {@link #close} by any.
 */
final class UnpackingChain implements AutoCloseable {
  /** What waits to be unpacked, packed; windows allow for less. */
  static final long WAITING_BYTES_MAX = 64L << 20;

  /** After so many the thread lets others have their turn. */
  private static final int PASSED_AT_ONCE = 16;

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

  private record Incoming(int stream, Message message, long bytes) {
    Incoming(int stream, Message message) {
      this(stream, message, bytesOf(message));
    }

    private static long bytesOf(Message message) {
      Packed records = MessageCodec.packedOf(message);
      return records == null ? 0 : records.bytes().readableBytes();
    }
  }

  private final boolean mayBeChained;
  private final UnreadBytes unread;
  private final Packer packer;
  private final Sink sink;
  private final Executor executor;
  private final ArrayDeque<Incoming> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private State state = State.IDLE;
  private boolean isClosed;

  /** Confined to whoever runs. */
  private @Nullable ZstdDecompressCtx context;

  /**
   * A chain that has not begun.
   *
   * @param mayBeChained whether the lane is one of those that have a chain
   * @param unread counts what is unpacked
   * @param packer packs again what nobody reads
   * @param executor for what takes time
   */
  UnpackingChain(
      boolean mayBeChained, UnreadBytes unread, Packer packer, Sink sink, Executor executor) {
    this.mayBeChained = mayBeChained;
    this.unread = unread;
    this.packer = packer;
    this.sink = sink;
    this.executor = executor;
  }

  /** Takes a message and the buffer that it may own. Never blocks. */
  void take(int stream, Message message) {
    boolean concernsChain = chainedOf(message) != null || message instanceof EndOfChain;
    if (concernsChain && !mayBeChained) {
      MessageCodec.release(message);
      throw new CorruptedFrameException("chained records on a lane without a chain");
    }
    if (concernsChain || hasToWait()) {
      queue(new Incoming(stream, message));
    } else {
      sink.passed(stream, message);
    }
  }

  private synchronized boolean hasToWait() {
    return isClosed || state != State.IDLE;
  }

  private static @Nullable Packed chainedOf(Message message) {
    Packed records = MessageCodec.packedOf(message);
    return records != null && records.isChained() ? records : null;
  }

  private void queue(Incoming incoming) {
    synchronized (this) {
      if (isClosed) {
        release(incoming);
        return;
      }
      if (waitingBytes + incoming.bytes() > WAITING_BYTES_MAX) {
        release(incoming);
        throw new CorruptedFrameException(waitingBytes + " bytes wait to be unpacked");
      }
      waiting.add(incoming);
      waitingBytes += incoming.bytes();
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
    boolean isThereMore = true;
    try {
      for (int i = 0; i < PASSED_AT_ONCE && isThereMore; i++) {
        isThereMore = passNext();
      }
    } catch (Throwable e) {
      close();
      stopRunning(State.IDLE);
      sink.broken(e);
      return;
    }
    if (isThereMore) {
      start();
    }
  }

  /** False if nothing waits, or there is no room for it: then nobody runs any more. */
  private boolean passNext() {
    Incoming next;
    Vacancy vacancy;
    synchronized (this) {
      next = waiting.peek();
      if (next == null) {
        stopRunning(State.IDLE);
        return false;
      }
      vacancy = chainedOf(next.message()) == null ? Vacancy.AMPLE : unread.vacancy(this::goOn);
      if (vacancy == Vacancy.NONE) {
        stopRunning(State.PAUSED);
        return false;
      }
      waiting.remove();
      waitingBytes -= next.bytes();
    }
    pass(next, vacancy);
    return true;
  }

  private synchronized void stopRunning(State next) {
    state = next;
    if (isClosed) {
      closeContext();
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

  private void pass(Incoming incoming, Vacancy vacancy) {
    Packed chained = chainedOf(incoming.message());
    if (incoming.message() instanceof EndOfChain) {
      closeContext();
    } else if (chained != null && incoming.message() instanceof ContentMessage content) {
      Packed alone = unpack(chained, vacancy);
      sink.passed(incoming.stream(), content.with(alone));
    } else {
      sink.passed(incoming.stream(), incoming.message());
    }
  }

  private Packed unpack(Packed chained, Vacancy vacancy) {
    ByteBuf plain = null;
    boolean isDone = false;
    try {
      plain = vacancy == Vacancy.AMPLE ? unread.buffer(chained.plainBytes()) : scratch(chained);
      unpack(contextFor(chained), chained.bytes().nioBuffer(), plain);
      if (Packer.checksum(plain) != chained.checksum()) {
        throw new CorruptedFrameException("records that are not what was packed");
      }
      isDone = true;
    } catch (ZstdException e) {
      throw new CorruptedFrameException("records that can't be unpacked", e);
    } finally {
      chained.bytes().release();
      if (plain != null && !isDone) {
        plain.release();
      }
    }
    var alone = new Packed(Packing.PLAIN, chained.plainBytes(), chained.checksum(), plain);
    return vacancy == Vacancy.AMPLE ? alone : counted(packer.packAlone(alone));
  }

  private ByteBuf scratch(Packed chained) {
    return packer.allocator().directBuffer(chained.plainBytes(), chained.plainBytes());
  }

  /** The same in a buffer that counts, and is no larger than it has to be. */
  private Packed counted(Packed packed) {
    ByteBuf bytes = packed.bytes();
    try {
      ByteBuf counted = unread.buffer(bytes.readableBytes());
      counted.writeBytes(bytes);
      return new Packed(packed.packing(), packed.plainBytes(), packed.checksum(), counted);
    } finally {
      bytes.release();
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
    int size = plain.capacity();
    ByteBuffer into = plain.nioBuffer(0, size);
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
    plain.writerIndex(size);
  }

  /** Drops what waits. */
  @Override
  public synchronized void close() {
    isClosed = true;
    waiting.forEach(UnpackingChain::release);
    waiting.clear();
    waitingBytes = 0;
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

  private static void release(Incoming incoming) {
    MessageCodec.release(incoming.message());
  }
}
