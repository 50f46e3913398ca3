package io.driftless.source.read;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.FileVersion;
import io.driftless.protocol.listing.Settling;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.netty.buffer.ByteBuf;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads parts of large files: data, holes, and where the target has staged the same already, only
 * that. Thread-safe.
 */
public final class SegmentReader {

  /** From here on holes are read as data, so that an answer always covers what was asked for. */
  private static final int HOLES_UP_TO_RUNS = Segment.RUNS_MAX - 64;

  private final SeededHash hash;
  private final ContentReader reader;
  private final InstantSource clock;

  public SegmentReader(SeededHash hash, ContentReader reader, InstantSource clock) {
    this.hash = hash;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * What was read.
   *
   * @param version 0 if the file was written to meanwhile
   * @param runs from the offset on; they end early where the file does
   */
  public record Part(long version, long fileBytes, List<Run> runs) {}

  /**
   * Reads what was asked for.
   *
   * @param literals direct memory with room for all of it, to which the data is appended
   */
  public Part read(Fd fd, WantSegment want, ByteBuf literals)
      throws LinuxException, InterruptedException {
    FileStatus before = Settling.await(fd, fd.status(), clock);
    var runs = new Runs();
    long end = Math.min(want.offset() + want.length(), before.size());
    try (ContentReader.Reading content = reader.openPart(fd, end)) {
      new Reading(fd, content, want, before, literals, runs).read();
    }
    FileStatus after = fd.status();
    long version = FileVersion.of(before);
    boolean held =
        version == FileVersion.of(after) && Settling.nanosLeft(fd, before, clock.millis()) == 0;
    return new Part(held ? version : 0, before.size(), List.copyOf(runs.list));
  }

  /** One answer as it grows; neighbours of one sort become one run. */
  private static final class Runs {
    private final List<Run> list = new ArrayList<>();

    void data(long length) {
      if (length > 0) {
        long before = !list.isEmpty() && list.getLast() instanceof Run.Data run ? run.length() : 0;
        put(new Run.Data(before + length), before > 0);
      }
    }

    void match(long length) {
      long before = !list.isEmpty() && list.getLast() instanceof Run.Match run ? run.length() : 0;
      put(new Run.Match(before + length), before > 0);
    }

    void hole(long length) {
      put(new Run.Hole(length), false);
    }

    private void put(Run run, boolean instead) {
      if (instead) {
        list.removeLast();
      }
      list.add(run);
    }
  }

  private final class Reading {
    private final Fd fd;
    private final ContentReader.Reading content;
    private final WantSegment want;
    private final ByteBuf literals;
    private final Runs runs;
    private final long size;
    private final long end;
    private final boolean mayHaveHoles;

    Reading(
        Fd fd,
        ContentReader.Reading content,
        WantSegment want,
        FileStatus status,
        ByteBuf literals,
        Runs runs) {
      this.fd = fd;
      this.content = content;
      this.want = want;
      this.literals = literals;
      this.runs = runs;
      this.size = status.size();
      this.end = Math.min(want.offset() + want.length(), size);
      this.mayHaveHoles = status.mayHaveHoles();
    }

    void read() throws LinuxException, InterruptedException {
      long at = want.offset();
      while (at < end) {
        boolean look = mayHaveHoles && runs.list.size() < HOLES_UP_TO_RUNS;
        long data = look ? fd.nextData(at) : at;
        if (data < 0 || data >= size) {
          runs.hole(size - at);
          return;
        }
        if (data > at) {
          runs.hole(data - at);
          at = data;
          continue;
        }
        long hole = look ? fd.nextHole(at) : end;
        long stretchEnd = hole < 0 ? end : Math.min(hole, end);
        long got = stretch(at, stretchEnd);
        at += got;
        if (at < stretchEnd) {
          return; // it shrank, and the version will say so
        }
      }
    }

    /** Reads data up to an end, or up to the end of the file; returns the bytes read. */
    private long stretch(long from, long to) throws LinuxException, InterruptedException {
      long at = from;
      while (at < to) {
        int block = (int) ((at - want.offset()) / ContentMessage.STAGED_BLOCK_BYTES);
        long blockEnd = Math.min(blockStart(block + 1), size);
        boolean comparable =
            block < want.basis().size() && at == blockStart(block) && blockEnd <= to;
        long stop = want.basis().isEmpty() ? to : Math.min(blockEnd, to);
        int length = (int) (stop - at);
        int start = literals.writerIndex();
        int got = content.read(at, literals.memoryAddress() + start, length);
        at += got;
        if (comparable
            && got == length
            && hash.hash64(literals, start, length) == want.basis().get(block)) {
          runs.match(length);
        } else {
          literals.writerIndex(start + got);
          runs.data(got);
        }
        if (got < length) {
          break;
        }
      }
      return at - from;
    }

    private long blockStart(int block) {
      return want.offset() + (long) block * ContentMessage.STAGED_BLOCK_BYTES;
    }
  }
}
