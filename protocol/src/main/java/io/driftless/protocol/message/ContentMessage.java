package io.driftless.protocol.message;

import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries and their content. {@link Listing}, {@link Contents}, {@link Segment} and {@link
 * DeltaMessage.SegmentDelta} go over the data lanes and own one reference to their buffer: whoever
 * takes the message releases it.
 */
public sealed interface ContentMessage extends Message
    permits ContentMessage.Listing,
        ContentMessage.Want,
        ContentMessage.WantUnlessSame,
        ContentMessage.Contents,
        ContentMessage.WantSegment,
        ContentMessage.Segment,
        DeltaMessage {
  /** Files up to this size travel inside the record of their entry. */
  int INLINE_BYTES_MAX = 256 * 1024;

  /** Greatest length of a segment that is asked for at once. */
  int SEGMENT_BYTES_MAX = 1024 * 1024;

  /** Blocks of a staged part that are compared at the same offset. */
  int STAGED_BLOCK_BYTES = 64 * 1024;

  /** Greatest length of packed or unpacked records. */
  int RECORDS_BYTES_MAX = 2 * 1024 * 1024;

  /** Gives back the buffer that the message owns, if it has one. Once. */
  default void release() {
    switch (this) {
      case Listing listing -> listing.records().bytes().release();
      case Contents contents -> contents.records().bytes().release();
      case Segment segment -> segment.literals().bytes().release();
      case DeltaMessage.SegmentDelta delta -> delta.literals().bytes().release();
      case Want _, WantUnlessSame _, WantSegment _, DeltaMessage _ -> {}
    }
  }

  /** How records are packed. */
  enum Packing {
    PLAIN,
    LZ4,
    ZSTD,
    /** As {@link #CHAINED}, but with nothing before it. */
    CHAIN_START,
    /**
     * Goes on with the frame of zstd that the chained records before it on the same lane have
     * begun, whatever their stream is: what repeats something of them is told by that.
     */
    CHAINED
  }

  /**
   * Bytes, perhaps compressed.
   *
   * @param plainBytes length once unpacked
   * @param checksum CRC-32C of the unpacked bytes. TLS keeps strangers from changing them; this
   *     proves the compressor and our own handling of buffers
   * @param bytes packed. Records that are {@link Packing#CHAINED} get packed as they are sent, when
   *     their place on the lane is known: until then these are the plain bytes
   */
  record Packed(Packing packing, int plainBytes, int checksum, ByteBuf bytes) {
    /** Records that can be unpacked only after those before them. */
    public boolean isChained() {
      return packing == Packing.CHAIN_START || packing == Packing.CHAINED;
    }
  }

  /** The same message with its records packed otherwise; the caller sees to both buffers. */
  default ContentMessage with(Packed records) {
    throw new IllegalStateException("no records to pack: " + getClass());
  }

  /** Which slice a first part begins. */
  record SliceHead(long sequence, TreePath directory, Scope scope) {}

  enum Part {
    MORE_FOLLOW,
    LAST
  }

  /** Whether a slice was read completely, so that what is missing in it is known to be absent. */
  enum Completeness {
    COMPLETE,
    INCOMPLETE
  }

  /**
   * Entries of a slice. Parts of one slice travel in order on one lane.
   *
   * @param head with the first part only
   * @param firstIndex number in the slice of the first entry in this part, counted from 0. The
   *     directory itself, where the slice holds it, is the first record of the first part and has
   *     no number
   * @param completeness of the slice, meaningful with the last part
   * @param records see {@code RecordReader} in {@code protocol.wire}
   */
  record Listing(
      long slice,
      @Nullable SliceHead head,
      int firstIndex,
      Part part,
      Completeness completeness,
      Packed records)
      implements ContentMessage {
    @Override
    public Listing with(Packed others) {
      return new Listing(slice, head, firstIndex, part, completeness, others);
    }
  }

  /** From the target: send these entries again, small files with their content. */
  record Want(long slice, List<Integer> indices) implements ContentMessage {
    public static final int INDICES_MAX = 4096;
  }

  /**
   * What the target has of a file whose metadata doesn't tell whether its content is the same.
   *
   * @param bytes length of it
   * @param content its hash
   */
  record Held(int index, long bytes, Digest content) {
    /** Of files that were renamed; what has its name is compared in segments far below this. */
    public static final long BYTES_MAX = 1L << 40;
  }

  /**
   * From the target: as {@link Want}, but a file with just this content comes without it, as a
   * record of the form {@code SAME}.
   */
  record WantUnlessSame(long slice, List<Held> held) implements ContentMessage {
    public static final int HELD_MAX = 1024;
  }

  /**
   * The answer to {@link Want} and {@link WantUnlessSame}, in any order and grouping: records as in
   * {@link Listing}, each with its index.
   */
  record Contents(long slice, Packed records) implements ContentMessage {
    @Override
    public Contents with(Packed others) {
      return new Contents(slice, others);
    }
  }

  /**
   * From the target: send a part of a large file.
   *
   * @param offset multiple of {@link #SEGMENT_BYTES_MAX}
   * @param length at most {@link #SEGMENT_BYTES_MAX}
   * @param basis hashes of the blocks of {@link #STAGED_BLOCK_BYTES} that the target already holds
   *     at this offset, the last one perhaps short; empty where it holds nothing
   */
  record WantSegment(long slice, int index, long offset, int length, List<Long> basis)
      implements ContentMessage {
    public static final int BASIS_MAX = SEGMENT_BYTES_MAX / STAGED_BLOCK_BYTES;
  }

  /** What became of an attempt to read. */
  enum Reading {
    OK,
    /** The entry is no longer there, or is something else. */
    VANISHED,
    /** It can't be read; the detail tells why. */
    UNREADABLE
  }

  /** A stretch of a segment; lengths add up from its offset. */
  sealed interface Run {
    long length();

    /** Bytes that follow in {@link Segment#literals}. */
    record Data(long length) implements Run {}

    /** No data; the last one of a segment may reach beyond what was asked for. */
    record Hole(long length) implements Run {}

    /** What the target holds at this offset is right. */
    record Match(long length) implements Run {}
  }

  /**
   * The answer to {@link WantSegment}.
   *
   * @param version of the file from before and after the read, see {@code Entry}; 0 if it changed
   *     meanwhile
   * @param fileBytes size of the file when it was read: shorter runs than asked for end there
   * @param runs at most {@link #RUNS_MAX}; fewer bytes than asked for may be covered
   */
  record Segment(
      long slice,
      int index,
      long offset,
      Reading reading,
      String detail,
      long version,
      long fileBytes,
      List<Run> runs,
      Packed literals)
      implements ContentMessage {
    public static final int RUNS_MAX = 1024;

    @Override
    public Segment with(Packed others) {
      return new Segment(slice, index, offset, reading, detail, version, fileBytes, runs, others);
    }
  }
}
