package io.driftless.protocol.wire.codec;

import io.driftless.protocol.delta.BlockHashes;
import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.delta.Delta;
import io.driftless.protocol.delta.Question;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.RollingSignature;
import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.listing.DataLayout;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
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
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.LookMessage.Looked;
import io.driftless.protocol.message.LookMessage.Presence;
import io.driftless.protocol.message.LookMessage.Treatment;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Problems;
import io.driftless.protocol.message.PassMessage.SlicesDone;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Messages with everything in them that may vary in length, from a seed. */
final class RandomMessages {
  private final SplittableRandom random;
  private TreePath last = TreePath.ROOT;

  RandomMessages(long seed) {
    random = new SplittableRandom(seed);
  }

  Message next() {
    return switch (random.nextInt(20)) {
      case 0 -> new Offers(list(1024, this::offer));
      case 1 -> new Verdicts(list(1024, () -> new Verdict(slice(), Finding.values()[below(4)])));
      case 2 -> new SlicesDone(list(1024, this::slice));
      case 3 -> new Problems(list(200, () -> new Problem(path(), text(), text())));
      case 4 -> new Want(slice(), list(4096, () -> random.nextInt(0, Integer.MAX_VALUE)));
      case 5 -> new Contents(slice(), packed(random.nextInt(0, 3000)));
      case 6 -> listing();
      case 7 ->
          new WantSegment(
              slice(),
              random.nextInt(0, Integer.MAX_VALUE),
              random.nextLong(0, 1L << 40) * ContentMessage.SEGMENT_BYTES_MAX,
              random.nextInt(1, ContentMessage.SEGMENT_BYTES_MAX + 1),
              list(WantSegment.BASIS_MAX, random::nextLong));
      case 8 -> segment();
      case 9 -> compare();
      case 10 ->
          new RefineSegment(
              slice(),
              below(1000),
              offset(),
              new Question.Refine(list(200, this::range), window()));
      case 11 ->
          new RefinedSegment(
              slice(),
              below(1000),
              offset(),
              new Question.Refined(list(40, () -> hashes(below(100_000))), signature()));
      case 12 -> delta();
      case 13 -> new Examine(slice(), 4096 << below(15), list(512, () -> below(1 << 20)));
      case 14 -> new Examined(slice(), list(512, this::examination));
      case 15 -> new Differences(list(100, this::difference));
      case 16 -> new WantUnlessSame(slice(), list(WantUnlessSame.HELD_MAX, this::held));
      case 17 -> looked();
      case 18 -> result();
      default -> new LinkGroup(slice(), path(), list(256, this::path));
    };
  }

  private Examination examination() {
    return new Examination(
        random.nextInt(0, Integer.MAX_VALUE),
        Reading.values()[below(3)],
        random.nextLong(),
        offset(),
        new DataLayout(below(9), offset(), new Digest(random.nextLong(), random.nextLong())),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new ContentSum(
                    ContentSum.Zeros.values()[below(2)],
                    new Sha256(
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong()))));
  }

  private PassResult result() {
    return new PassResult(
        Outcome.values()[below(Outcome.values().length)],
        new Counters(
            count(),
            count(),
            count(),
            count(),
            count(),
            count(),
            count(),
            count(),
            count(),
            new Deltas(count(), count(), count(), count())),
        text(),
        text(),
        text(),
        list(PassResult.EXAMPLES_MAX, this::path));
  }

  private Looked looked() {
    return new Looked(
        Presence.values()[below(Presence.values().length)],
        random.nextBoolean() ? Optional.empty() : Optional.of(Kind.FIFO),
        Treatment.values()[below(2)],
        Left.values()[below(2)],
        list(Looked.ASPECTS_MAX, this::aspect),
        Optional.empty(),
        text());
  }

  private Aspect aspect() {
    return new Aspect(
        Trait.values()[below(Trait.values().length)], Likeness.values()[below(3)], text(), text());
  }

  private Difference difference() {
    return new Difference(
        path(),
        Kind.values()[below(Kind.values().length)],
        Trait.values()[below(Trait.values().length)],
        Left.values()[below(2)],
        text(),
        text());
  }

  private Offer offer() {
    int bits = below(Scope.MAX_BITS + 1);
    return new Offer(
        slice(),
        random.nextLong(0, Long.MAX_VALUE),
        path(),
        new Scope(bits, random.nextInt(1 << bits)),
        random.nextInt(0, Integer.MAX_VALUE),
        new Digest(random.nextLong(), random.nextLong()),
        random.nextLong());
  }

  private Held held() {
    return new Held(
        random.nextInt(0, Integer.MAX_VALUE),
        random.nextLong(0, Held.BYTES_MAX + 1),
        new Digest(random.nextLong(), random.nextLong()));
  }

  private Listing listing() {
    return new Listing(
        slice(),
        random.nextBoolean()
            ? null
            : new SliceHead(slice(), path(), random.nextBoolean() ? Scope.ALL : Scope.NAMED),
        random.nextInt(0, Integer.MAX_VALUE),
        Part.values()[below(2)],
        Completeness.values()[below(2)],
        packed(random.nextInt(0, 3000)));
  }

  private Segment segment() {
    List<Run> runs = list(20, this::run);
    int data = (int) runs.stream().filter(Run.Data.class::isInstance).mapToLong(Run::length).sum();
    return new Segment(
        slice(),
        below(1000),
        random.nextLong(0, 1L << 50),
        Reading.values()[below(3)],
        text(),
        random.nextLong(),
        random.nextLong(0, Long.MAX_VALUE),
        runs,
        plain(data));
  }

  private CompareSegment compare() {
    BlockHashes hashes = hashes(random.nextInt(1, DeltaMessage.SEGMENT_BYTES_MAX + 1));
    long from = hashes.basis().from() / ContentMessage.SEGMENT_BYTES_MAX;
    Range segment =
        new Range(from * ContentMessage.SEGMENT_BYTES_MAX, DeltaMessage.SEGMENT_BYTES_MAX);
    long end = hashes.basis().end();
    long displacement = Math.max(0, segment.from() - hashes.basis().from());
    displacement += Math.min(0, segment.end() - end - displacement);
    return new CompareSegment(
        slice(), below(1000), new Question.Compare(segment, displacement, end + below(99), hashes));
  }

  private Optional<Question.Window> window() {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(new Question.Window(new Range(offset(), below(1 << 20)), BlockSize.LEAF));
  }

  private Optional<RollingSignature> signature() {
    if (random.nextBoolean()) {
      return Optional.empty();
    }
    BlockHashes strong = hashes(below(1 << 20));
    return Optional.of(new RollingSignature(strong, random.ints(strong.count()).toArray()));
  }

  private BlockHashes hashes(int length) {
    var block = new BlockSize(4096 << below(6));
    int count = block.count(length);
    return new BlockHashes(new Range(offset(), length), block, random.longs(count).toArray());
  }

  private SegmentDelta delta() {
    List<io.driftless.protocol.delta.Run> runs = list(100, this::deltaRun);
    long literal = 0;
    long length = 0;
    for (io.driftless.protocol.delta.Run run : runs) {
      literal += run instanceof io.driftless.protocol.delta.Run.Literal ? run.length() : 0;
      length += run.length();
    }
    return new SegmentDelta(
        slice(),
        below(1000),
        offset(),
        Reading.values()[below(3)],
        text(),
        Part.values()[below(2)],
        random.nextLong(),
        offset(),
        offset(),
        new Delta(
            new Range(offset(), length), runs, new Digest(random.nextLong(), random.nextLong())),
        plain((int) literal));
  }

  private io.driftless.protocol.delta.Run deltaRun() {
    return switch (below(3)) {
      case 0 -> new io.driftless.protocol.delta.Run.Literal(random.nextLong(1, 3000));
      case 1 -> new io.driftless.protocol.delta.Run.Hole(random.nextLong(1, 1L << 16));
      default -> new io.driftless.protocol.delta.Run.Match(offset(), random.nextLong(1, 1L << 16));
    };
  }

  private Range range() {
    return new Range(offset(), below(1 << 20));
  }

  private long offset() {
    return random.nextLong(0, 1L << 50);
  }

  private Run run() {
    return switch (below(3)) {
      case 0 -> new Run.Data(random.nextLong(1, 3000));
      case 1 -> new Run.Hole(random.nextLong(1, 1L << 50));
      default -> new Run.Match(random.nextLong(1, 1L << 20));
    };
  }

  private Packed packed(int bytes) {
    if (random.nextBoolean()) {
      return plain(bytes);
    }
    Packing[] packings = Packing.values();
    Packing packing = packings[random.nextInt(Packing.PLAIN.ordinal() + 1, packings.length)];
    int plainBytes = random.nextInt(1, ContentMessage.RECORDS_BYTES_MAX + 1);
    return new Packed(packing, plainBytes, random.nextInt(), noise(bytes + 1));
  }

  private Packed plain(int bytes) {
    return new Packed(Packing.PLAIN, bytes, random.nextInt(), noise(bytes));
  }

  private ByteBuf noise(int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return Unpooled.wrappedBuffer(noise);
  }

  /** Often near the path before, as in a walk. */
  private TreePath path() {
    TreePath path = last;
    for (int up = below(4); up > 0 && !path.isRoot(); up--) {
      path = path.parent();
    }
    for (int down = below(4); down > 0; down--) {
      path = path.resolve(name());
    }
    last = path.depth() > 40 ? TreePath.ROOT : path;
    return path;
  }

  private Name name() {
    byte[] bytes = new byte[random.nextInt(1, below(20) == 0 ? 256 : 9)];
    for (int i = 0; i < bytes.length; i++) {
      byte next = (byte) random.nextInt(1, 256);
      bytes[i] = next == '/' || next == '.' ? (byte) 'x' : next;
    }
    return Name.of(bytes);
  }

  private String text() {
    return "ä€".repeat(below(below(10) == 0 ? 700 : 5));
  }

  private long count() {
    return random.nextLong(0, below(2) == 0 ? Long.MAX_VALUE : 1000);
  }

  private long slice() {
    return random.nextLong(1, below(2) == 0 ? Long.MAX_VALUE : 1000);
  }

  private int below(int bound) {
    return random.nextInt(bound);
  }

  private <T> List<T> list(int countMax, Supplier<T> item) {
    int count = below(8) == 0 ? below(countMax + 1) : below(Math.min(10, countMax + 1));
    var items = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }
}
