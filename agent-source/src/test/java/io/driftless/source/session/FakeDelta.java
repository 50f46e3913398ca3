package io.driftless.source.session;

import io.driftless.protocol.delta.Alignment;
import io.driftless.protocol.delta.BasisSegment;
import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.delta.DeltaException;
import io.driftless.protocol.delta.Patch;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.delta.RollingSignature;
import io.driftless.protocol.delta.Run;
import io.driftless.protocol.delta.WindowSigner;
import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A file that a fake target brings from what it has, one segment after the other. */
final class FakeDelta {
  final byte[] bytes;
  final List<long[]> holes = new ArrayList<>();
  long matchedBytes;
  long literalBytes;
  int messages;
  private final long slice;
  private final int index;
  private final byte[] basis;
  private final SeededHash hash;
  private final Alignment alignment = new Alignment();
  private BasisSegment segment;
  private Patch patch;
  private long offset;

  FakeDelta(long slice, int index, byte[] basis, int size, SeededHash hash) {
    this.slice = slice;
    this.index = index;
    this.basis = basis;
    this.bytes = new byte[size];
    this.hash = hash;
    this.segment = segmentAt(0);
    this.patch = segment.patch();
  }

  private BasisSegment segmentAt(long from) {
    int length = (int) Math.min(DeltaMessage.SEGMENT_BYTES_MAX, bytes.length - from);
    return new BasisSegment(
        new Range(from, length),
        alignment.displacement(),
        basis.length,
        BlockSize.forFile(bytes.length),
        hash::hash128);
  }

  /** The question about the present segment. */
  CompareSegment compare() {
    segment = segmentAt(offset);
    patch = segment.patch();
    segment.sign(segment.toSign().from(), slice(segment.toSign()));
    return new CompareSegment(slice, index, segment.compare());
  }

  private MemorySegment slice(Range range) {
    return MemorySegment.ofArray(basis).asSlice(range.from(), range.length());
  }

  RefinedSegment refined(RefineSegment refine) {
    try {
      Optional<RollingSignature> signature = Optional.empty();
      if (refine.question().window().isPresent()) {
        WindowSigner signer = segment.window(refine.question().window().get());
        signer.sign(slice(signer.wanted()));
        signature = Optional.of(signer.signature());
      }
      var answer = new Refined(segment.finer(refine.question()), signature);
      return new RefinedSegment(slice, index, refine.offset(), answer);
    } catch (DeltaException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Follows a part of a delta.
   *
   * @return whether all segments have come
   */
  boolean apply(SegmentDelta message) {
    messages++;
    if (message.offset() != offset || message.delta().covered().from() != patch.at()) {
      throw new IllegalStateException("another part: " + message);
    }
    try {
      int position = 0;
      for (Run run : message.delta().runs()) {
        position += apply(run, position, message);
      }
      alignment.learn(message.delta());
      if (message.part() == Part.MORE_FOLLOW) {
        return false;
      }
      try {
        patch.finish(message.delta());
      } catch (DeltaException.Mismatch e) {
        if (message.version() != 0) { // else it may be a mix of moments
          throw e;
        }
      }
    } catch (DeltaException e) {
      throw new IllegalStateException(e);
    }
    long skipped = Math.min(message.dataOffset(), bytes.length);
    if (skipped > patch.at()) {
      holes.add(new long[] {patch.at(), skipped});
    }
    offset = Math.max(offset + DeltaMessage.SEGMENT_BYTES_MAX, skipped >> 20 << 20);
    return offset >= bytes.length || skipped == bytes.length;
  }

  private int apply(Run run, int position, SegmentDelta message) throws DeltaException {
    int at = (int) patch.at();
    int length = (int) run.length();
    switch (run) {
      case Run.Literal _ -> {
        message.literals().bytes().getBytes(position, bytes, at, length);
        patch.literal(MemorySegment.ofArray(Arrays.copyOfRange(bytes, at, at + length)));
        literalBytes += length;
        return length;
      }
      case Run.Match match -> {
        System.arraycopy(basis, (int) match.basisOffset(), bytes, at, length);
        patch.match(match);
        matchedBytes += length;
      }
      case Run.Hole hole -> {
        patch.hole(hole);
        holes.add(new long[] {at, at + length});
      }
    }
    return 0;
  }
}
