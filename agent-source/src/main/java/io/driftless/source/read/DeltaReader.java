package io.driftless.source.read;

import io.driftless.protocol.delta.NewSegment;
import io.driftless.protocol.delta.Pursuit;
import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.Settling;
import io.netty.buffer.ByteBuf;
import java.time.InstantSource;

/** Begins to read segments of large files as deltas. Thread-safe. */
public final class DeltaReader {
  private final SeededHash hash;
  private final ContentReader reader;
  private final InstantSource clock;

  public DeltaReader(SeededHash hash, ContentReader reader, InstantSource clock) {
    this.hash = hash;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Compares a segment with what the target has.
   *
   * @param scratch direct memory of at least {@link DeltaReading#SCRATCH_BYTES}, overwritten
   */
  public DeltaReading compare(Fd fd, Compare question, Pursuit pursuit, ByteBuf scratch)
      throws LinuxException, InterruptedException {
    FileStatus status = Settling.await(fd, fd.status(), clock);
    var segment = new NewSegment(question, status.size(), hash::hash128, pursuit);
    var reading = new DeltaReading(question.segment(), status, segment, reader, clock);
    reading.compare(fd, scratch);
    return reading;
  }
}
