package io.driftless.protocol.wire;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Native contexts of zstd, lent out for one call at a time and closed in the end. As many as are in
 * use at once, of which a few are kept. Thread-safe.
 */
final class ZstdContexts implements AutoCloseable {
  private static final int KEPT_MAX = 8;

  private final Deque<ZstdCompressCtx> compressing = new ArrayDeque<>();
  private final Deque<ZstdDecompressCtx> decompressing = new ArrayDeque<>();
  private boolean isClosed;

  /** A use of a context, which is the caller's until it returns. */
  interface Use<C> {
    int with(C context);
  }

  int compress(int level, Use<ZstdCompressCtx> use) {
    return lend(
        compressing,
        ZstdCompressCtx::new,
        context -> use.with(context.setLevel(level).setContentSize(true).setChecksum(false)));
  }

  /** One call decompresses a whole frame: the output is the window, and nothing else is kept. */
  int decompress(Use<ZstdDecompressCtx> use) {
    return lend(decompressing, ZstdDecompressCtx::new, use);
  }

  private <C extends AutoCloseable> int lend(Deque<C> kept, Supplier<C> fresh, Use<C> use) {
    C context;
    synchronized (this) {
      context = kept.poll();
    }
    if (context == null) {
      context = fresh.get();
    }
    try {
      return use.with(context);
    } finally {
      takeBack(kept, context);
    }
  }

  private <C extends AutoCloseable> void takeBack(Deque<C> kept, C context) {
    synchronized (this) {
      if (!isClosed && kept.size() < KEPT_MAX) {
        kept.push(context);
        return;
      }
    }
    closed(context);
  }

  private static void closed(AutoCloseable context) {
    try {
      context.close();
    } catch (Exception e) {
      throw new IllegalStateException("a context of zstd closes without fail", e);
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    compressing.forEach(ZstdContexts::closed);
    decompressing.forEach(ZstdContexts::closed);
    compressing.clear();
    decompressing.clear();
  }
}
