package io.driftless.protocol.listing;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.InstantSource;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a regular file holds: where its data lies, and what its content sums up to. Holes are
 * not read. Owns a buffer; confined to one thread at a time.
 */
public final class FileExaminer implements AutoCloseable {
  /** Zeros beyond this are not worth the time that their hashing takes. */
  public static final long HOLES_HASHED_MAX = 16L << 30;

  private static final int WAITS_MAX = 3;

  private final SeededHash hash;
  private final InstantSource clock;
  private final ContentSummer summer;

  /**
   * An examiner with a buffer of its own.
   *
   * @param reader of the file system that the files are on
   */
  public FileExaminer(SeededHash hash, InstantSource clock, ContentReader reader) {
    this.hash = hash;
    this.clock = clock;
    this.summer = new ContentSummer(reader);
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
      long version, FileStatus status, DataLayout layout, @Nullable ContentSum content) {}

  /** How a file's content is to be summed up once its holes are known; null if not at all. */
  @FunctionalInterface
  private interface Choice {
    @Nullable Zeros of(long holeBytes);
  }

  /**
   * Examines an open regular file; long for a large one, and ended by an interruption. Zeros are
   * hashed unless more than {@link #HOLES_HASHED_MAX} of the file are holes.
   *
   * @param blockBytes a power of two to which the ends of data are rounded
   * @param progress told of bytes as they are dealt with, holes included, where content is read
   */
  public Held examine(Fd file, Depth depth, int blockBytes, LongConsumer progress)
      throws LinuxException, InterruptedException {
    Choice choice =
        switch (depth) {
          case LAYOUT -> _ -> null;
          case CONTENT -> holes -> holes > HOLES_HASHED_MAX ? Zeros.SKIPPED : Zeros.HASHED;
        };
    return examine(file, choice, blockBytes, progress);
  }

  /** As {@link #examine(Fd, Depth, int, LongConsumer)}, with zeros treated in one way. */
  public Held examine(Fd file, Zeros zeros, int blockBytes, LongConsumer progress)
      throws LinuxException, InterruptedException {
    return examine(file, (Choice) _ -> zeros, blockBytes, progress);
  }

  private Held examine(Fd file, Choice choice, int blockBytes, LongConsumer progress)
      throws LinuxException, InterruptedException {
    FileStatus before = settled(file);
    boolean isSettled = Settling.nanosLeft(file, before, clock.millis()) == 0;
    long version = FileVersion.of(before);
    var extents = new Extents(file, before);
    var layout = new Layout(blockBytes);
    Zeros zeros = choice.of(layOut(extents, layout));
    ContentSum content = zeros == null ? null : summer.sum(extents, zeros, progress);
    boolean isWhole = zeros == null || content != null;
    boolean held = isSettled && isWhole && FileVersion.of(file.status()) == version;
    return new Held(held ? version : 0, before, layout.end(), held ? content : null);
  }

  /** Waits until a change would show, unless the file changes all the time. */
  private FileStatus settled(Fd file) throws LinuxException, InterruptedException {
    FileStatus status = file.status();
    for (int i = 0; i < WAITS_MAX && Settling.nanosLeft(file, status, clock.millis()) > 0; i++) {
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

  /** Returns how much of the file are holes. */
  private static long layOut(Extents extents, Layout into)
      throws LinuxException, InterruptedException {
    long holes = 0;
    long at = 0;
    while (at < extents.end()) {
      Interruptions.heed();
      long data = extents.dataFrom(at);
      holes += data - at;
      at = extents.dataEnd(data);
      into.data(data, at);
    }
    return holes;
  }

  @Override
  public void close() {
    summer.close();
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
      if (last <= first || end == start) {
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
