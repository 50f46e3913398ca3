package io.driftless.target.session;

import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.stage.Draft;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Follows the runs of a segment that came as it is. Used once, by one thread. */
final class SegmentRuns {
  private final TreePath path;
  private final Segment segment;
  private final ByteBuf literals;
  private long at;
  private int position;
  private long matchedBytes;

  /**
   * Runs that nothing has been written of.
   *
   * @param path of the file
   * @param literals the caller's
   */
  SegmentRuns(TreePath path, Segment segment, ByteBuf literals) {
    this.path = path;
    this.segment = segment;
    this.literals = literals;
    this.at = segment.offset();
    this.position = literals.readerIndex();
  }

  /** The offset up to which they tell; a hole may lead far beyond the segment. */
  long end() {
    return at;
  }

  /** Bytes that were there already. */
  long matchedBytes() {
    return matchedBytes;
  }

  /**
   * Writes what they say.
   *
   * @param limit where the segment ends
   * @param fileBytes of the new version
   */
  void write(Draft into, long limit, long fileBytes, DeltaTransfer.Writer writer)
      throws IOException, InterruptedException {
    for (Run run : segment.runs()) {
      requireWithin(run, limit);
      long offset = at;
      switch (run) {
        case Run.Data(long bytes) -> {
          int from = position;
          requireLiterals(bytes);
          writer.run(() -> into.write(offset, literals, from, (int) bytes));
          position += (int) bytes;
        }
        case Run.Hole(long bytes) ->
            writer.run(() -> into.hole(offset, Math.min(bytes, fileBytes - offset)));
        case Run.Match(long bytes) -> matchedBytes += bytes;
      }
      at += run.length();
    }
    if (position != literals.writerIndex()) {
      throw new ProtocolViolation("literals of %s that no run speaks of".formatted(path));
    }
  }

  private void requireWithin(Run run, long limit) {
    boolean reaches = run instanceof Run.Hole ? at <= limit : at + run.length() <= limit;
    if (run.length() <= 0 || run.length() > Long.MAX_VALUE - at || !reaches) {
      throw new ProtocolViolation(
          "a run of %d bytes at %d in %s".formatted(run.length(), at, path));
    }
  }

  private void requireLiterals(long bytes) {
    if (bytes > literals.writerIndex() - position) {
      throw new ProtocolViolation("too few literals in a segment of " + path);
    }
  }
}
