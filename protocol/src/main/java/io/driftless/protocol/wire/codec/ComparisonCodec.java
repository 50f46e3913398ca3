package io.driftless.protocol.wire.codec;

import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.listing.DataLayout;
import io.driftless.protocol.message.ComparisonMessage;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.GoneThrough;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.tree.Kind;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Optional;

/**
 * Payloads of comparisons; paths and near numbers as in {@link PassCodec}.
 *
 * <pre>
 * Examine           slice | blockShift u8 | count | { index near }*
 * Examined          slice | count | { index near | reading u8 | version s64 | sizeBytes
 *                   | extents | dataBytes | layout 16 | sum u8 (0 none, 1 with zeros, 2 without) | content 32, if it has }*
 * Differences       count | { path | kind u8 | trait u8 | left u8 | source text | target text }*
 * DifferencesTaken  nothing
 * GoneThrough       bytes
 * </pre>
 */
final class ComparisonCodec {
  private static final int EXAMINATION_BYTES_MIN = 29;
  private static final int DIFFERENCE_BYTES_MIN = 9;
  private static final int BLOCK_SHIFT_MIN = Integer.numberOfTrailingZeros(Examine.BLOCK_BYTES_MIN);
  private static final int BLOCK_SHIFT_MAX = Integer.numberOfTrailingZeros(Examine.BLOCK_BYTES_MAX);
  private static final Reading[] READINGS = Reading.values();
  private static final Trait[] TRAITS = Trait.values();
  private static final Left[] LEFTS = Left.values();

  private ComparisonCodec() {}

  static void encode(ComparisonMessage message, PayloadWriter out) {
    switch (message) {
      case Examine(long slice, int blockBytes, var indices) -> {
        out.number(slice).u8(blockShift(blockBytes)).count(indices.size(), Examine.INDICES_MAX);
        indices.forEach(out::near);
      }
      case Examined(long slice, var examinations) -> {
        out.number(slice).count(examinations.size(), Examined.EXAMINATIONS_MAX);
        examinations.forEach(each -> encode(each, out));
      }
      case Differences(var differences) -> {
        out.count(differences.size(), Differences.DIFFERENCES_MAX);
        differences.forEach(each -> encode(each, out));
      }
      case DifferencesTaken() -> {}
      case GoneThrough(long bytes) -> out.number(bytes);
    }
  }

  private static int blockShift(int blockBytes) {
    if (Integer.bitCount(blockBytes) != 1) {
      throw new IllegalArgumentException("blocks of %d bytes".formatted(blockBytes));
    }
    return requireBlockShift(Integer.numberOfTrailingZeros(blockBytes));
  }

  private static int requireBlockShift(int shift) {
    if (shift < BLOCK_SHIFT_MIN || shift > BLOCK_SHIFT_MAX) {
      throw new IllegalArgumentException("blocks of 2^%d bytes".formatted(shift));
    }
    return shift;
  }

  private static void encode(Examination each, PayloadWriter out) {
    out.near(each.index())
        .choice(each.reading())
        .s64(each.version())
        .number(each.sizeBytes())
        .number(each.layout().extents())
        .number(each.layout().dataBytes())
        .digest(each.layout().digest())
        .u8(each.content().map(sum -> 1 + sum.zeros().ordinal()).orElse(0));
    each.content().map(ContentSum::hash).ifPresent(out::sha256);
  }

  private static void encode(Difference each, PayloadWriter out) {
    out.path(each.path())
        .u8(each.kind().code())
        .choice(each.trait())
        .choice(each.left())
        .text(each.source())
        .text(each.target());
  }

  static ComparisonMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case EXAMINE ->
          new Examine(
              in.ordinal(),
              1 << requireBlockShift(in.u8()),
              in.list(Examine.INDICES_MAX, 1, () -> index(in)));
      case EXAMINED ->
          new Examined(
              in.ordinal(),
              in.list(
                  Examined.EXAMINATIONS_MAX, EXAMINATION_BYTES_MIN, () -> decodeExamination(in)));
      case DIFFERENCES ->
          new Differences(
              in.list(
                  Differences.DIFFERENCES_MAX, DIFFERENCE_BYTES_MIN, () -> decodeDifference(in)));
      case DIFFERENCES_TAKEN -> new DifferencesTaken();
      case GONE_THROUGH -> new GoneThrough(in.number());
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }

  private static int index(PayloadReader in) {
    return PayloadReader.requireWithin(in.near(), Integer.MAX_VALUE);
  }

  private static Examination decodeExamination(PayloadReader in) {
    return new Examination(
        index(in),
        in.choice(READINGS),
        in.s64(),
        in.number(),
        new DataLayout(in.number(), in.number(), in.digest()),
        decodeContent(in));
  }

  private static Optional<ContentSum> decodeContent(PayloadReader in) {
    return switch (in.u8()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(new ContentSum(Zeros.HASHED, in.sha256()));
      case 2 -> Optional.of(new ContentSum(Zeros.SKIPPED, in.sha256()));
      default -> throw new CorruptedFrameException("content that is neither there nor not");
    };
  }

  private static Difference decodeDifference(PayloadReader in) {
    return new Difference(
        in.path(), Kind.ofCode(in.u8()), in.choice(TRAITS), in.choice(LEFTS), in.text(), in.text());
  }
}
