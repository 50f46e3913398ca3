package io.driftless.protocol.listing;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Digest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a regular file holds: where its data lies, and the SHA-256 of its content. Holes are
 * hashed as zeros and not read. Owns a buffer; confined to one thread at a time.
 */
public final class FileExaminer implements AutoCloseable {
  private static final int SECTOR_BYTES = 512;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int WAITS_MAX = 3;

  private final SeededHash hash;
  private final InstantSource clock;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
  private final ByteBuffer view = buffer.asByteBuffer();
  private final byte[] zeros = new byte[64 * 1024];
  private final MessageDigest sha = sha256();

  public FileExaminer(SeededHash hash, InstantSource clock) {
    this.hash = hash;
    this.clock = clock;
  }

  /** Whether content is read. */
  public enum Depth {
    LAYOUT,
    CONTENT
  }

  /**
   * What was found.
   *
   * @param version 0 if the file changed while it was read
   * @param status from before
   * @param content of a file that held still, where it was asked for
   */
  public record Held(
      long version, FileStatus status, DataLayout layout, @Nullable Sha256 content) {}

  /**
   * Examines an open regular file; long for a large one, and ended by an interruption.
   *
   * @param blockBytes a power of two to which the ends of data are rounded
   * @param progress told of bytes as they are dealt with, where content is read
   */
  public Held examine(Fd file, Depth depth, int blockBytes, LongConsumer progress)
      throws LinuxException, InterruptedException {
    FileStatus before = settled(file);
    boolean isSettled = Settling.nanosLeft(before, clock.millis()) == 0;
    long version = FileVersion.of(before);
    var layout = new Layout(blockBytes);
    layout(file, before, layout);
    boolean whole = depth == Depth.LAYOUT || hash(file, before, progress);
    byte[] digest = sha.digest(); // also makes it ready for the next
    boolean held = isSettled && whole && FileVersion.of(file.status()) == version;
    Sha256 content = held && depth == Depth.CONTENT ? Sha256.of(digest) : null;
    return new Held(held ? version : 0, before, layout.end(), content);
  }

  /** Waits until a change would show, unless the file changes all the time. */
  private FileStatus settled(Fd file) throws LinuxException, InterruptedException {
    FileStatus status = file.status();
    for (int i = 0; i < WAITS_MAX && Settling.nanosLeft(status, clock.millis()) > 0; i++) {
      status = Settling.await(file, status, clock);
    }
    return status;
  }

  /** What is known of a file without holes from its status alone. */
  public Held dense(FileStatus status, int blockBytes) {
    var layout = new Layout(blockBytes);
    layout.data(0, status.size());
    return new Held(FileVersion.of(status), status, layout.end(), null);
  }

  /** Whether a file may have holes at all, without a look into it. */
  public static boolean mayHaveHoles(FileStatus status) {
    return status.blocks() * SECTOR_BYTES < status.size();
  }

  private static void layout(Fd file, FileStatus status, Layout into)
      throws LinuxException, InterruptedException {
    long size = status.size();
    if (!mayHaveHoles(status)) {
      into.data(0, size);
      return;
    }
    long at = 0;
    while (at < size) {
      requireUninterrupted();
      long data = file.nextData(at);
      if (data < 0 || data >= size) {
        return;
      }
      long hole = file.nextHole(data);
      long end = hole <= data ? size : Math.min(hole, size);
      into.data(data, end);
      at = end;
    }
  }

  /** Returns whether all of it was there. */
  private boolean hash(Fd file, FileStatus status, LongConsumer progress)
      throws LinuxException, InterruptedException {
    sha.reset();
    boolean mayHaveHoles = mayHaveHoles(status);
    long size = status.size();
    long at = 0;
    while (at < size) {
      requireUninterrupted();
      long data = mayHaveHoles ? file.nextData(at) : at;
      long stop = data < 0 || data > size ? size : data;
      if (stop > at) {
        zeros(Math.min(stop - at, BUFFER_BYTES * 16L));
        at += Math.min(stop - at, BUFFER_BYTES * 16L);
        continue;
      }
      int length = (int) Math.min(BUFFER_BYTES, size - at);
      int got = file.readAt(at, buffer.address(), length);
      sha.update(view.limit(got).position(0));
      progress.accept(got);
      if (got < length) {
        return false;
      }
      at += got;
    }
    return true;
  }

  private void zeros(long count) {
    for (long left = count; left > 0; left -= zeros.length) {
      sha.update(zeros, 0, (int) Math.min(zeros.length, left));
    }
  }

  private static void requireUninterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while a file was examined");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Sums data up as it comes, in order; runs that touch once they are rounded become one. */
  private final class Layout {
    private final long mask;
    private final byte[] pair = new byte[2 * Long.BYTES];
    private final MemorySegment pairView = MemorySegment.ofArray(pair);
    private Digest digest = Digest.EMPTY;
    private long extents;
    private long bytes;
    private long from;
    private long to;

    Layout(int blockBytes) {
      this.mask = blockBytes - 1L;
    }

    void data(long start, long end) {
      long first = start & ~mask;
      long last = end > Long.MAX_VALUE - mask ? end : end + mask & ~mask;
      if (last <= first) {
        return;
      }
      if (first > to || to == from) {
        close();
        from = first;
      }
      to = last;
    }

    private void close() {
      if (to == from) {
        return;
      }
      pairView.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, from);
      pairView.set(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES, to);
      digest = digest.plus(hash.hash128(pairView, 0, pair.length));
      extents++;
      bytes += to - from;
      from = to;
    }

    DataLayout end() {
      close();
      return new DataLayout(extents, bytes, digest);
    }
  }
}
