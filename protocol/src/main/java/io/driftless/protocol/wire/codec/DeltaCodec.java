package io.driftless.protocol.wire.codec;

import static io.driftless.protocol.message.ContentMessage.RECORDS_BYTES_MAX;

import io.driftless.protocol.delta.BlockHashes;
import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Question.Window;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.RollingSignature;
import io.driftless.protocol.delta.Run;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.tree.Digest;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;
import java.util.Optional;

/**
 * Payloads of deltas; packed bytes as in {@link ContentCodec}.
 *
 * <pre>
 * CompareSegment  slice | index | segment range | displacement s64 | basisBytes | hashes
 * RefineSegment   slice | index | offset | count | { range }* | window u8 | with one: range | logarithm u8
 * RefinedSegment  slice | index | offset | count | { hashes }* | window u8
 *                 | with one: hashes | { weak u32 }*
 * SegmentDelta    slice | index | offset | reading u8 | detail text | part u8 | version u64
 *                 | fileBytes | dataOffset | from | count | { run }* | digest | packed
 * range           from | length
 * hashes          range | logarithm u8 | { strong u64 }*      as many as the range has blocks
 * logarithm       of the size of blocks
 * run             0 | length, of a literal; 1 | length, of a hole; 2 | length | basisOffset
 * </pre>
 */
final class DeltaCodec {
  private static final int RANGE_BYTES_MIN = 2;
  private static final int HASHES_BYTES_MIN = 3;
  private static final int RUN_BYTES_MIN = 2;
  private static final Reading[] READINGS = Reading.values();
  private static final Part[] PARTS = Part.values();

  private DeltaCodec() {}

  /** Encodes everything but the packed bytes. */
  static void encode(DeltaMessage message, PayloadWriter out) {
    switch (message) {
      case CompareSegment(long slice, int index, Compare question) -> {
        range(question.segment(), out.number(slice).number(index));
        out.s64(question.displacement()).number(question.basisBytes());
        hashes(question.basis(), CompareSegment.HASHES_MAX, out);
      }
      case RefineSegment(long slice, int index, long offset, Refine question) -> {
        out.number(slice).number(index).number(offset);
        out.count(question.finer().size(), RefineSegment.RANGES_MAX);
        question.finer().forEach(range -> range(range, out));
        out.u8(question.window().isPresent() ? 1 : 0);
        question
            .window()
            .ifPresent(window -> logarithm(window.block(), range(window.basis(), out)));
      }
      case RefinedSegment refined -> refined(refined, out);
      case SegmentDelta delta -> delta(delta, out);
    }
  }

  private static PayloadWriter range(Range range, PayloadWriter out) {
    return out.number(range.from()).number(range.length());
  }

  private static void logarithm(BlockSize block, PayloadWriter out) {
    out.u8(Integer.numberOfTrailingZeros(block.bytes()));
  }

  private static void hashes(BlockHashes hashes, int countMax, PayloadWriter out) {
    if (hashes.count() > countMax) {
      throw new IllegalArgumentException(
          "%d hashes, at most %d may go at once".formatted(hashes.count(), countMax));
    }
    logarithm(hashes.block(), range(hashes.basis(), out));
    for (int i = 0; i < hashes.count(); i++) {
      out.s64(hashes.hash(i));
    }
  }

  private static void refined(RefinedSegment refined, PayloadWriter out) {
    out.number(refined.slice()).number(refined.index()).number(refined.offset());
    List<BlockHashes> finer = refined.answer().finer();
    out.count(finer.size(), RefineSegment.RANGES_MAX);
    finer.forEach(hashes -> hashes(hashes, CompareSegment.HASHES_MAX, out));
    out.u8(refined.answer().window().isPresent() ? 1 : 0);
    refined
        .answer()
        .window()
        .ifPresent(window -> {
          hashes(window.strong(), RollingSignature.BLOCKS_MAX, out);
          for (int i = 0; i < window.strong().count(); i++) {
            out.s32(window.weak(i));
          }
        });
  }

  private static void delta(SegmentDelta message, PayloadWriter out) {
    out.number(message.slice())
        .number(message.index())
        .number(message.offset())
        .choice(message.reading())
        .text(message.detail())
        .choice(message.part())
        .s64(message.version())
        .number(message.fileBytes())
        .number(message.dataOffset())
        .number(message.delta().covered().from())
        .count(message.delta().runs().size(), SegmentDelta.RUNS_MAX);
    for (Run run : message.delta().runs()) {
      out.u8(codeOf(run)).number(run.length());
      if (run instanceof Run.Match match) {
        out.number(match.basisOffset());
      }
    }
    out.digest(message.delta().digest());
    ContentCodec.encode(message.literals(), out);
  }

  private static int codeOf(Run run) {
    return switch (run) {
      case Run.Literal _ -> 0;
      case Run.Hole _ -> 1;
      case Run.Match _ -> 2;
    };
  }

  static DeltaMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case COMPARE_SEGMENT -> decodeCompare(in);
      case REFINE_SEGMENT ->
          new RefineSegment(
              in.ordinal(),
              in.number(Integer.MAX_VALUE),
              in.number(),
              new Refine(
                  in.list(RefineSegment.RANGES_MAX, RANGE_BYTES_MIN, () -> decodeRange(in)),
                  isPresent(in) ? Optional.of(decodeWindow(in)) : Optional.empty()));
      case REFINED_SEGMENT ->
          new RefinedSegment(
              in.ordinal(),
              in.number(Integer.MAX_VALUE),
              in.number(),
              new Refined(
                  in.list(
                      RefineSegment.RANGES_MAX,
                      HASHES_BYTES_MIN,
                      () -> decodeHashes(CompareSegment.HASHES_MAX, in)),
                  isPresent(in) ? Optional.of(decodeSignature(in)) : Optional.empty()));
      case SEGMENT_DELTA -> decodeDelta(in);
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static CompareSegment decodeCompare(PayloadReader in) {
    long slice = in.ordinal();
    int index = in.number(Integer.MAX_VALUE);
    Range segment = decodeRange(in);
    if (segment.length() == 0
        || segment.length() > DeltaMessage.SEGMENT_BYTES_MAX
        || segment.from() % ContentMessage.SEGMENT_BYTES_MAX != 0) {
      throw new CorruptedFrameException("segment " + segment);
    }
    long displacement = in.s64();
    long basisBytes = in.number();
    BlockHashes hashes = decodeHashes(CompareSegment.HASHES_MAX, in);
    if (hashes.block().bytes() > DeltaMessage.BLOCK_MAX.bytes()) {
      throw new CorruptedFrameException("compared by " + hashes);
    }
    return new CompareSegment(slice, index, new Compare(segment, displacement, basisBytes, hashes));
  }

  private static Range decodeRange(PayloadReader in) {
    return new Range(in.number(), in.number());
  }

  private static BlockSize decodeBlock(PayloadReader in) {
    int logarithm = in.u8();
    if (logarithm >= Integer.SIZE - 1) {
      throw new CorruptedFrameException("blocks of 2^%d bytes".formatted(logarithm));
    }
    return new BlockSize(1 << logarithm);
  }

  private static boolean isPresent(PayloadReader in) {
    int flag = in.u8();
    if (flag > 1) {
      throw new CorruptedFrameException("flag " + flag);
    }
    return flag == 1;
  }

  private static Window decodeWindow(PayloadReader in) {
    return new Window(decodeRange(in), decodeBlock(in));
  }

  private static BlockHashes decodeHashes(int countMax, PayloadReader in) {
    Range range = decodeRange(in);
    BlockSize block = decodeBlock(in);
    if (range.length() > (long) countMax * block.bytes()) {
      throw new CorruptedFrameException("hashes of " + range);
    }
    int count = block.count(range.length());
    if ((long) count * Long.BYTES > in.restBytes()) {
      throw new CorruptedFrameException("%d hashes in %d bytes".formatted(count, in.restBytes()));
    }
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = in.s64();
    }
    return new BlockHashes(range, block, hashes);
  }

  private static RollingSignature decodeSignature(PayloadReader in) {
    BlockHashes strong = decodeHashes(RollingSignature.BLOCKS_MAX, in);
    if ((long) strong.count() * Integer.BYTES > in.restBytes()) {
      throw new CorruptedFrameException(
          "%d weak hashes in %d bytes".formatted(strong.count(), in.restBytes()));
    }
    int[] weak = new int[strong.count()];
    for (int i = 0; i < weak.length; i++) {
      weak[i] = in.s32();
    }
    return new RollingSignature(strong, weak);
  }

  private static SegmentDelta decodeDelta(PayloadReader in) {
    long slice = in.ordinal();
    int index = in.number(Integer.MAX_VALUE);
    long offset = in.number();
    Reading reading = in.choice(READINGS);
    String detail = in.text();
    Part part = in.choice(PARTS);
    long version = in.s64();
    long fileBytes = in.number();
    long dataOffset = in.number();
    long from = in.number();
    List<Run> runs = in.list(SegmentDelta.RUNS_MAX, RUN_BYTES_MIN, () -> decodeRun(in));
    Digest digest = in.digest();
    Range covered = requireRunsFit(from, runs, in);
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
        new Delta(covered, runs, digest),
        ContentCodec.decodePacked(in));
  }

  /** Literals that the runs promise must be as long as those that come next. */
  private static Range requireRunsFit(long from, List<Run> runs, PayloadReader in) {
    long length = 0;
    long literal = 0;
    for (Run run : runs) {
      length += run.length();
      literal += run instanceof Run.Literal ? run.length() : 0;
      if (length < 0 || length > DeltaMessage.SEGMENT_BYTES_MAX || literal > RECORDS_BYTES_MAX) {
        throw new CorruptedFrameException("runs that end nowhere, from " + from);
      }
    }
    if (literal != in.plainBytesAhead()) {
      throw new CorruptedFrameException(
          "runs of %d literal bytes with %d".formatted(literal, in.plainBytesAhead()));
    }
    return new Range(from, length);
  }

  private static Run decodeRun(PayloadReader in) {
    int code = in.u8();
    long length = in.number();
    return switch (code) {
      case 0 -> new Run.Literal(length);
      case 1 -> new Run.Hole(length);
      case 2 -> new Run.Match(in.number(), length);
      default -> throw new CorruptedFrameException("run " + code);
    };
  }
}
