package io.driftless.protocol.wire;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.wire.PackingPolicy.Codec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs the records of one lane as one frame of zstd, flushed after each of them, so that what
 * repeats something of the last megabytes is told by that: a tenth less than each for itself, and
 * much less where they are small. They are sent in the order in which they were packed.
 * Thread-safe.
 */
final class PackingChain implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PackingChain.class);

  /** How many bytes back it goes, as a power of two. Both ends keep as many. */
  static final int WINDOW_LOG = 23;

  /** Only the first lanes have one: it takes some 20 MiB. */
  static final int LANES_MAX = 2;

  /** A frame has one level, and to begin another one means to forget. */
  private static final long BYTES_BEFORE_CHANGE = 8L << 20;

  /*
   * With megabytes in view, a longer search finds better matches, and short ones far away don't pay:
   * at level 7 text gets 3 % smaller than with the search and the matches that are usual for it (4
   * and 5), in the same time.
   */
  private static final int THOROUGH = 7;
  private static final int SEARCH_LOG = 5;
  private static final int MATCH_MIN = 6;
  private static final int USUAL = 0;

  private static final long KEPT_NANOS = Duration.ofSeconds(10).toNanos();

  private final ByteBufAllocator allocator;
  private final PackingPolicy policy;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean isClosed;

  // Guarded by the lock

  private @Nullable ZstdCompressCtx context;
  private Codec codec = Codec.CHAIN_3;
  private long frameBytes;
  private long usedNanos;

  PackingChain(ByteBufAllocator allocator, PackingPolicy policy) {
    this.allocator = allocator;
    this.policy = policy;
  }

  /**
   * Packs what is to be sent next. Takes the bytes, whatever happens. Waits while others pack:
   * never on an event loop.
   *
   * @param queueing has the result sent, as the next of the lane, or as it was where it can't be
   *     packed; takes its bytes, whatever happens
   */
  void pack(Packed records, Consumer<Packed> queueing) {
    lock.lock();
    try {
      Packed packed = pack(records);
      boolean isQueued = false;
      try {
        queueing.accept(packed);
        isQueued = true;
      } finally {
        if (!isQueued) {
          forget(); // the other end doesn't have it in view
        }
      }
    } finally {
      lock.unlock();
    }
    if (isClosed) {
      close(); // which could not have the lock
    }
  }

  private Packed pack(Packed records) {
    ByteBuf plain = records.bytes();
    int plainBytes = plain.readableBytes();
    int bytesMax = (int) Zstd.compressBound(plainBytes);
    ByteBuf packed = null;
    try {
      long start = System.nanoTime();
      boolean isFirst = begin(start);
      packed = allocator.directBuffer(bytesMax, bytesMax);
      if (compresses(plain, packed)) {
        plain.release();
        usedNanos = System.nanoTime();
        frameBytes += plainBytes;
        policy.packed(codec, plainBytes, packed.readableBytes(), usedNanos - start);
        Packing packing = isFirst ? Packing.CHAIN_START : Packing.CHAINED;
        return new Packed(packing, plainBytes, records.checksum(), packed);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.debug("records go as they are", e);
    }
    if (packed != null) {
      packed.release();
    }
    forget(); // the other end doesn't get what is half done
    return new Packed(Packing.PLAIN, plainBytes, records.checksum(), plain);
  }

  /** Sees to it that there is a frame, unless the chain is closed; true if it has just begun. */
  private boolean begin(long now) {
    Codec best = policy.chained();
    boolean isChange = best != codec && frameBytes >= BYTES_BEFORE_CHANGE;
    if (isClosed || context != null && !isChange) {
      return false;
    }
    if (context == null) {
      context = new ZstdCompressCtx();
    }
    context.reset();
    boolean isThorough = best.level() >= THOROUGH;
    context
        .setLevel(best.level())
        .setWindowLog(WINDOW_LOG)
        .setSearchLog(isThorough ? SEARCH_LOG : USUAL)
        .setMinMatch(isThorough ? MATCH_MIN : USUAL)
        .setChecksum(false);
    codec = best;
    frameBytes = 0;
    usedNanos = now;
    return true;
  }

  private boolean compresses(ByteBuf plain, ByteBuf packed) {
    if (context == null) {
      return false;
    }
    ByteBuffer from = plain.nioBuffer();
    ByteBuffer into = packed.nioBuffer(0, packed.capacity());
    boolean isFlushed = context.compressDirectByteBufferStream(into, from, EndDirective.FLUSH);
    packed.writerIndex(into.position());
    return isFlushed && !from.hasRemaining();
  }

  /**
   * Lets go of the memory where nothing was packed for a while. Doesn't block.
   *
   * @param telling has the other end do so as well, by what is sent next over the lane
   */
  void rest(Runnable telling) {
    if (!lock.tryLock()) {
      return; // somebody packs
    }
    try {
      if (context != null && System.nanoTime() - usedNanos > KEPT_NANOS) {
        forget();
        telling.run();
      }
    } finally {
      lock.unlock();
    }
    if (isClosed) {
      close(); // which could not have the lock
    }
  }

  private void forget() {
    if (context != null) {
      context.close();
      context = null;
    }
  }

  /** Doesn't block; whoever has the lock now sees to the rest. */
  @Override
  public void close() {
    isClosed = true;
    if (lock.tryLock()) {
      try {
        forget();
      } finally {
        lock.unlock();
      }
    }
  }
}
