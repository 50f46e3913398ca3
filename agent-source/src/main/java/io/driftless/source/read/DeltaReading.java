package io.driftless.source.read;

import static io.driftless.protocol.delta.BlockSize.LEAF_BYTES;

import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.DeltaException;
import io.driftless.protocol.delta.Literals;
import io.driftless.protocol.delta.NewSegment;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.Stretch;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.Residency;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.Settling;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A segment that is being read: once to compare it, and then what differs. The descriptor may be
 * another one each time; whether it was one version of one file, {@link #version} tells in the end.
 * What is read the first time stays in the page cache for the second one, until {@link #leave}.
 * Confined to one thread at a time.
 */
public final class DeltaReading {
  public static final int SCRATCH_BYTES = 1024 * 1024;

  private final Range range;
  private final FileStatus before;
  private final NewSegment segment;
  private final ContentReader reader;
  private final InstantSource clock;
  private final boolean mayHaveHoles;
  private Residency cached = Residency.UNKNOWN;
  private @Nullable Refine refine;
  private long dataOffset;

  DeltaReading(
      Range range,
      FileStatus before,
      NewSegment segment,
      ContentReader reader,
      InstantSource clock) {
    this.range = range;
    this.before = before;
    this.segment = segment;
    this.reader = reader;
    this.clock = clock;
    this.mayHaveHoles = before.mayHaveHoles();
    this.dataOffset = range.end();
  }

  void compare(Fd fd, ByteBuf scratch) throws LinuxException, InterruptedException {
    cached = reader.note(fd, range.from(), Math.min(range.end(), before.size()) - range.from());
    hash(fd, scratch);
    refine = segment.refine();
  }

  /** Hashes all data of the segment; holes differ from whatever the target has. */
  private void hash(Fd fd, ByteBuf scratch) throws LinuxException, InterruptedException {
    Range compared = segment.toCompare();
    long at = compared.from();
    while (at < compared.end()) {
      long data = mayHaveHoles ? fd.nextData(at) : at;
      if (data < 0 || data >= compared.end()) {
        return;
      }
      at += (data - at) / LEAF_BYTES * LEAF_BYTES;
      int length = (int) Math.min(SCRATCH_BYTES, compared.end() - at);
      int got = reader.readAndKeep(fd, at, scratch.memoryAddress(), length);
      segment.compare(at, view(scratch, got));
      if (got < length) {
        return; // it shrank, and the version will say so
      }
      at += length;
    }
  }

  private static MemorySegment view(ByteBuf scratch, int length) {
    return MemorySegment.ofBuffer(scratch.nioBuffer(0, length));
  }

  /** What the source has to know before it can go on; perhaps nothing. */
  public Refine refine() {
    return Objects.requireNonNull(refine, "not compared yet");
  }

  /**
   * Begins the delta.
   *
   * @throws DeltaException if the answer is not one
   */
  public void begin(Refined answer, Literals literals) throws DeltaException {
    segment.begin(answer, literals);
  }

  /**
   * Reads on.
   *
   * @param scratch as in {@link DeltaReader#compare}
   * @return false when nothing more is wanted or there
   */
  public boolean read(Fd fd, ByteBuf scratch) throws LinuxException, InterruptedException {
    Optional<Range> wanted = segment.wanted();
    if (wanted.isEmpty()) {
      return false;
    }
    long at = wanted.get().from();
    boolean look = mayHaveHoles && segment.takesHoles();
    long data = look ? fd.nextData(at) : at;
    if (data != at) {
      skip(at, data < 0 ? before.size() : data);
      return true;
    }
    long hole = look ? fd.nextHole(at) : -1;
    long end = hole <= at ? wanted.get().end() : Math.min(hole, wanted.get().end());
    int length = (int) Math.min(SCRATCH_BYTES, end - at);
    int got = again(fd, at, scratch, length);
    boolean ends = got < length || at + length == end;
    segment.feed(view(scratch, got), ends ? Stretch.ENDS : Stretch.GOES_ON);
    return got == length;
  }

  /** What was compared is in the page cache, and has been waited for. */
  private int again(Fd fd, long at, ByteBuf scratch, int length)
      throws LinuxException, InterruptedException {
    Range compared = segment.toCompare();
    return at >= compared.from() && at + length <= compared.end()
        ? fd.readAt(at, scratch.memoryAddress(), length)
        : reader.readAndKeep(fd, at, scratch.memoryAddress(), length);
  }

  /** Nothing more is read: the page cache becomes what it was. */
  public void leave(Fd fd) {
    cached.restore(fd);
  }

  private void skip(long at, long data) {
    long end = Math.min(range.end(), before.size());
    if (data >= end) {
      dataOffset = Math.max(range.end(), Math.min(data, before.size()));
    }
    segment.hole(Math.min(data, end) - at);
  }

  /** How many runs have come together since the last {@link #take}. */
  public int runs() {
    return segment.runs();
  }

  /** Hands over what there is so far of a long delta. */
  public Delta take() {
    return segment.take();
  }

  /** The rest of the delta. */
  public Delta finish() {
    return segment.finish();
  }

  /** Size of the file when it was compared. */
  public long fileBytes() {
    return before.size();
  }

  /** Where data goes on behind the end of the segment. */
  public long dataOffset() {
    return dataOffset;
  }

  /** The version that all of it was read of, or 0. */
  public long version(Fd fd) throws LinuxException {
    long version = FileVersion.of(before);
    boolean held =
        version == FileVersion.of(fd.status())
            && Settling.nanosLeft(fd, before, clock.millis()) == 0;
    return held ? version : 0;
  }
}
