package io.driftless.protocol.wire.codec;

import static io.driftless.protocol.message.ContentMessage.RECORDS_BYTES_MAX;
import static io.driftless.protocol.message.ContentMessage.SEGMENT_BYTES_MAX;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Completeness;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Held;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Run;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.SliceHead;
import io.driftless.protocol.message.ContentMessage.Want;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.ContentMessage.WantUnlessSame;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Payloads with entries and content. Packed bytes are the rest of their frame.
 *
 * <pre>
 * Listing      slice | flags u8 (1: head, 2: last part, 4: complete) | firstIndex
 *              | with a head: sequence | directory path | scope
 *              | packed
 * Want         slice | count | { index near }*
 * WantUnlessSame  slice | count | { index near | bytes | content 16 }*
 * Contents     slice | packed
 * WantSegment  slice | index | offset | length | count | { hash u64 }*
 * Segment      slice | index | offset | reading u8 | detail text | version u64 | fileBytes
 *              | count | { run u8 (data, hole, match) | length }* | packed
 * packed       packing u8 | plainBytes u32 | checksum u32 | bytes
 * </pre>
 */
final class ContentCodec {
  private static final int WITH_HEAD = 1;
  private static final int LAST_PART = 2;
  private static final int COMPLETE = 4;
  private static final int RUN_BYTES_MIN = 2;
  private static final int HELD_BYTES_MIN = 18;
  private static final Packing[] PACKINGS = Packing.values();
  private static final Reading[] READINGS = Reading.values();

  private ContentCodec() {}

  /** Encodes everything but the packed bytes. */
  static void encode(ContentMessage message, PayloadWriter out) {
    switch (message) {
      case Listing listing -> encode(listing, out);
      case Want(long slice, var indices) -> {
        out.number(slice).count(indices.size(), Want.INDICES_MAX);
        indices.forEach(out::near);
      }
      case WantUnlessSame(long slice, var held) -> {
        out.number(slice).count(held.size(), WantUnlessSame.HELD_MAX);
        held.forEach(it -> out.near(it.index()).number(it.bytes()).digest(it.content()));
      }
      case Contents(long slice, var records) -> encode(records, out.number(slice));
      case WantSegment(long slice, int index, long offset, int length, var basis) -> {
        out.number(slice).number(index).number(offset).number(length);
        out.count(basis.size(), WantSegment.BASIS_MAX);
        basis.forEach(out::s64);
      }
      case Segment segment -> encode(segment, out);
      case DeltaMessage delta -> DeltaCodec.encode(delta, out);
    }
  }

  /** The packed part of a message, if it has one. */
  static @Nullable Packed packedOf(ContentMessage message) {
    return switch (message) {
      case Listing listing -> listing.records();
      case Contents contents -> contents.records();
      case Segment segment -> segment.literals();
      case SegmentDelta delta -> delta.literals();
      case Want _, WantUnlessSame _, WantSegment _, DeltaMessage _ -> null;
    };
  }

  private static void encode(Listing listing, PayloadWriter out) {
    SliceHead head = listing.head();
    int flags =
        (head != null ? WITH_HEAD : 0)
            | (listing.part() == Part.LAST ? LAST_PART : 0)
            | (listing.completeness() == Completeness.COMPLETE ? COMPLETE : 0);
    out.number(listing.slice()).u8(flags).number(listing.firstIndex());
    if (head != null) {
      out.number(head.sequence()).path(head.directory()).scope(head.scope());
    }
    encode(listing.records(), out);
  }

  private static void encode(Segment segment, PayloadWriter out) {
    out.number(segment.slice())
        .number(segment.index())
        .number(segment.offset())
        .choice(segment.reading())
        .text(segment.detail())
        .s64(segment.version())
        .number(segment.fileBytes())
        .count(segment.runs().size(), Segment.RUNS_MAX);
    for (Run run : segment.runs()) {
      out.u8(codeOf(run)).number(run.length());
    }
    encode(segment.literals(), out);
  }

  static void encode(Packed packed, PayloadWriter out) {
    if (packed.plainBytes() > RECORDS_BYTES_MAX
        || packed.bytes().readableBytes() > RECORDS_BYTES_MAX) {
      throw new IllegalArgumentException(
          "%d bytes packed to %d, at most %d are allowed"
              .formatted(packed.plainBytes(), packed.bytes().readableBytes(), RECORDS_BYTES_MAX));
    }
    out.choice(packed.packing()).s32(packed.plainBytes()).s32(packed.checksum());
  }

  static ContentMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case LISTING -> decodeListing(in);
      case WANT -> new Want(in.ordinal(), in.list(Want.INDICES_MAX, 1, () -> decodeIndex(in)));
      case WANT_UNLESS_SAME ->
          new WantUnlessSame(
              in.ordinal(), in.list(WantUnlessSame.HELD_MAX, HELD_BYTES_MIN, () -> decodeHeld(in)));
      case CONTENTS -> new Contents(in.ordinal(), decodePacked(in));
      case WANT_SEGMENT -> decodeWantSegment(in);
      case SEGMENT -> decodeSegment(in);
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static int decodeIndex(PayloadReader in) {
    long index = in.near();
    if (index < 0 || index > Integer.MAX_VALUE) {
      throw new CorruptedFrameException("index " + index);
    }
    return (int) index;
  }

  private static Held decodeHeld(PayloadReader in) {
    int index = decodeIndex(in);
    long bytes = in.number();
    if (bytes > Held.BYTES_MAX) {
      throw new CorruptedFrameException("a hash of %d bytes".formatted(bytes));
    }
    return new Held(index, bytes, in.digest());
  }

  private static Listing decodeListing(PayloadReader in) {
    long slice = in.ordinal();
    int flags = in.u8();
    if (flags > (WITH_HEAD | LAST_PART | COMPLETE)) {
      throw new CorruptedFrameException("flags %02x".formatted(flags));
    }
    int firstIndex = in.number(Integer.MAX_VALUE);
    SliceHead head =
        (flags & WITH_HEAD) == 0 ? null : new SliceHead(in.number(), in.path(), in.scope());
    return new Listing(
        slice,
        head,
        firstIndex,
        (flags & LAST_PART) == 0 ? Part.MORE_FOLLOW : Part.LAST,
        (flags & COMPLETE) == 0 ? Completeness.INCOMPLETE : Completeness.COMPLETE,
        decodePacked(in));
  }

  private static WantSegment decodeWantSegment(PayloadReader in) {
    long slice = in.ordinal();
    int index = in.number(Integer.MAX_VALUE);
    long offset = in.number();
    int length = in.number(SEGMENT_BYTES_MAX);
    if (length == 0 || offset % SEGMENT_BYTES_MAX != 0 || offset + length < 0) {
      throw new CorruptedFrameException("segment %d+%d".formatted(offset, length));
    }
    List<Long> basis = in.list(WantSegment.BASIS_MAX, Long.BYTES, in::s64);
    return new WantSegment(slice, index, offset, length, basis);
  }

  private static Segment decodeSegment(PayloadReader in) {
    long slice = in.ordinal();
    int index = in.number(Integer.MAX_VALUE);
    long offset = in.number();
    Reading reading = in.choice(READINGS);
    String detail = in.text();
    long version = in.s64();
    long fileBytes = in.number();
    List<Run> runs = in.list(Segment.RUNS_MAX, RUN_BYTES_MIN, () -> decodeRun(in));
    requireRunsFit(offset, runs, in);
    return new Segment(
        slice, index, offset, reading, detail, version, fileBytes, runs, decodePacked(in));
  }

  /** Data that the runs promise must be as long as the literals, which come next. */
  private static void requireRunsFit(long offset, List<Run> runs, PayloadReader in) {
    long end = offset;
    long data = 0;
    for (Run run : runs) {
      end += run.length();
      data += run instanceof Run.Data ? run.length() : 0;
      if (end < 0 || run.length() == 0 || data > RECORDS_BYTES_MAX) {
        throw new CorruptedFrameException("runs that end nowhere, from " + offset);
      }
    }
    if (data != in.plainBytesAhead()) {
      throw new CorruptedFrameException(
          "runs of %d bytes of data with %d literals".formatted(data, in.plainBytesAhead()));
    }
  }

  private static int codeOf(Run run) {
    return switch (run) {
      case Run.Data _ -> 0;
      case Run.Hole _ -> 1;
      case Run.Match _ -> 2;
    };
  }

  private static Run decodeRun(PayloadReader in) {
    int code = in.u8();
    long length = in.number();
    return switch (code) {
      case 0 -> new Run.Data(length);
      case 1 -> new Run.Hole(length);
      case 2 -> new Run.Match(length);
      default -> throw new CorruptedFrameException("run " + code);
    };
  }

  /** Reads the rest of the frame. Comes last, so that nothing can fail once the slice is taken. */
  static Packed decodePacked(PayloadReader in) {
    Packing packing = in.choice(PACKINGS);
    int plainBytes = in.s32();
    int checksum = in.s32();
    int bytes = in.restBytes();
    boolean sound = packing == Packing.PLAIN ? bytes == plainBytes : bytes > 0 && plainBytes > 0;
    if (!sound || plainBytes < 0 || plainBytes > RECORDS_BYTES_MAX || bytes > RECORDS_BYTES_MAX) {
      throw new CorruptedFrameException(
          "%d bytes, %s, that stand for %d".formatted(bytes, packing, plainBytes));
    }
    return new Packed(packing, plainBytes, checksum, in.rest());
  }
}
