package io.driftless.protocol.message;

import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;

/**
 * A large file that comes from the version which the target has: one exchange for each segment, see
 * {@code protocol.delta}. An exchange is named by slice, index and the offset of its segment.
 */
public sealed interface DeltaMessage extends ContentMessage {
  /** Greatest length of a segment. */
  int SEGMENT_BYTES_MAX = 16 * 1024 * 1024;

  /** Largest block that is compared first, so that a shift shows within a segment. */
  BlockSize BLOCK_MAX = new BlockSize(128 * 1024);

  /** Most exchanges of a pass that have begun and not ended. */
  int OPEN_MAX = 128;

  /**
   * From the target: begins an exchange.
   *
   * @param question whose segment begins at a multiple of {@link ContentMessage#SEGMENT_BYTES_MAX}
   *     and is at most {@link DeltaMessage#SEGMENT_BYTES_MAX}
   */
  record CompareSegment(long slice, int index, Compare question) implements DeltaMessage {
    public static final int HASHES_MAX = DeltaMessage.SEGMENT_BYTES_MAX / BlockSize.LEAF_BYTES;
  }

  /** From the source: something differs. At most one for each exchange. */
  record RefineSegment(long slice, int index, long offset, Refine question)
      implements DeltaMessage {
    public static final int RANGES_MAX = CompareSegment.HASHES_MAX / 2;
  }

  /** The answer to {@link RefineSegment}. */
  record RefinedSegment(long slice, int index, long offset, Refined answer)
      implements DeltaMessage {}

  /**
   * From the source: what the segment is, in one part or several, in order on one lane; the last
   * one ends the exchange.
   *
   * @param offset of the segment
   * @param version of the file from before the comparison and after the last read, see {@code
   *     Entry}; 0 if it changed meanwhile. With the last part only
   * @param fileBytes size of the file when it was compared: where a segment falls short, it ends
   *     there
   * @param dataOffset where data goes on behind a hole that the segment ends with, or the end of
   *     the file; else the end of the segment
   * @param delta the runs of this part; its digest is that of the whole segment, with the last part
   *     only
   */
  record SegmentDelta(
      long slice,
      int index,
      long offset,
      Reading reading,
      String detail,
      Part part,
      long version,
      long fileBytes,
      long dataOffset,
      Delta delta,
      Packed literals)
      implements DeltaMessage {
    public static final int RUNS_MAX = 4096;

    @Override
    public SegmentDelta with(Packed others) {
      return new SegmentDelta(
          slice,
          index,
          offset,
          reading,
          detail,
          part,
          version,
          fileBytes,
          dataOffset,
          delta,
          others);
    }
  }
}
