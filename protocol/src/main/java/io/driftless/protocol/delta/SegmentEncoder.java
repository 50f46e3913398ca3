package io.driftless.protocol.delta;

import static io.driftless.protocol.delta.BlockSize.LEAF_BYTES;

import io.driftless.protocol.delta.Part.Treatment;
import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goes through the parts of a new segment and writes the delta. */
final class SegmentEncoder {
  private static final int LEAVES_AT_ONCE = 256;

  private final Deque<Part> parts;
  private final long displacement;
  private final LeafHashes leaves;
  private final DeltaWriter writer;
  private final @Nullable RollingSearch search;

  /**
   * @param displacement of the parts that are equal
   */
  SegmentEncoder(
      Deque<Part> parts,
      long displacement,
      LeafHashes leaves,
      DeltaWriter writer,
      @Nullable RollingSearch search) {
    this.parts = parts;
    this.displacement = displacement;
    this.leaves = leaves;
    this.writer = writer;
    this.search = search;
    writeMatched();
  }

  Optional<Range> wanted() {
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(Range.between(writer.at(), parts.getFirst().range().end()));
  }

  long feed(MemorySegment bytes, Stretch then) {
    Range wanted = wanted().orElseThrow();
    if (bytes.byteSize() > wanted.length()) {
      throw new IllegalArgumentException("%d bytes for %s".formatted(bytes.byteSize(), wanted));
    }
    boolean last = bytes.byteSize() == wanted.length();
    long done = encode(bytes, last ? Stretch.ENDS : then);
    writeMatched();
    return done;
  }

  private long encode(MemorySegment bytes, Stretch then) {
    if (search != null && parts.getFirst().treatment() == Treatment.SEARCHED) {
      return search.search(bytes, then);
    }
    writer.literal(bytes, leaves);
    return bytes.byteSize();
  }

  boolean takesHoles() {
    return writer.takesMatches();
  }

  void hole(long length) {
    Part part = parts.getFirst();
    writer.hole(length);
    while (part != null && part.range().end() <= writer.at()) {
      parts.removeFirst();
      part = parts.peekFirst();
    }
    if (part != null
        && part.range().from() < writer.at()
        && part.treatment() == Treatment.MATCHED) {
      parts.removeFirst(); // A hole has come to where there was data: it is cut otherwise now.
      parts.addFirst(new Part(part.range(), Treatment.LITERAL));
    }
    writeMatched();
  }

  /** Goes on to the next part that bytes are needed for. */
  private void writeMatched() {
    while (!parts.isEmpty() && parts.getFirst().range().end() <= writer.at()) {
      parts.removeFirst();
    }
    while (!parts.isEmpty()
        && parts.getFirst().treatment() == Treatment.MATCHED
        && writer.takesMatches()) {
      match(parts.removeFirst().range());
    }
  }

  private void match(Range range) {
    int first = leaves.indexOf(range.from());
    int end = first + BlockSize.LEAF.count(range.length());
    for (int i = first; i < end; i += LEAVES_AT_ONCE) {
      int until = Math.min(end, i + LEAVES_AT_ONCE);
      Digest[] digests = new Digest[until - i];
      for (int j = i; j < until; j++) {
        digests[j - i] = leaves.leaf(j);
      }
      long from = range.from() + (long) (i - first) * LEAF_BYTES;
      long length = Math.min(range.end() - from, (long) LEAVES_AT_ONCE * LEAF_BYTES);
      writer.match(new Range(from - displacement, length), digests);
    }
  }

  Delta take() {
    return writer.take();
  }

  int runs() {
    return writer.runs();
  }

  Delta finish() {
    return writer.finish();
  }

  /** Says what came of the search, if there was one. */
  void report(Pursuit pursuit) {
    if (search == null) {
      return;
    }
    if (search.foundBytes() > 0) {
      pursuit.found();
    } else {
      pursuit.foundNothing();
    }
  }
}
