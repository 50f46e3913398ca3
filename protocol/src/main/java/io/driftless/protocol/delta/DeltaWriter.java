package io.driftless.protocol.delta;

import static io.driftless.protocol.delta.BlockSize.LEAF_BYTES;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delta as it grows, with its digest: runs in the order of the new file. */
final class DeltaWriter {
  private long from;
  private final int runsMax;
  private final Literals literals;
  private final Composition composition;
  private final List<Run> runs = new ArrayList<>();

  DeltaWriter(long from, int runsMax, StrongHash hash, Literals literals) {
    this.from = from;
    this.runsMax = runsMax;
    this.literals = literals;
    this.composition = new Composition(from, hash);
  }

  /** Where in the new file the next run begins. */
  long at() {
    return composition.at();
  }

  /** Whether there is room for a match and a literal after it. */
  boolean takesMatches() {
    return runs.size() < runsMax - 1;
  }

  void literal(MemorySegment bytes, @Nullable LeafHashes known) {
    if (bytes.byteSize() == 0) {
      return;
    }
    literals.append(bytes);
    composition.literal(bytes, known);
    if (!runs.isEmpty() && runs.getLast() instanceof Run.Literal(long length)) {
      runs.removeLast();
      runs.add(new Run.Literal(length + bytes.byteSize()));
      return;
    }
    runs.add(new Run.Literal(bytes.byteSize()));
  }

  /** Adds a match that is cut into leaves from its beginning. */
  void match(Range basis, Digest[] leaves) {
    long left = basis.length();
    for (Digest leaf : leaves) {
      composition.match(Math.min(LEAF_BYTES, left), leaf);
      left -= LEAF_BYTES;
    }
    if (!runs.isEmpty()
        && runs.getLast() instanceof Run.Match(long offset, long length)
        && offset + length == basis.from()) {
      runs.removeLast();
      runs.add(new Run.Match(offset, length + basis.length()));
      return;
    }
    runs.add(new Run.Match(basis.from(), basis.length()));
  }

  void hole(long length) {
    composition.hole(length);
    runs.add(new Run.Hole(length));
  }

  /** Hands over what there is so far. */
  Delta take() {
    var part = new Delta(Range.between(from, at()), runs, Digest.EMPTY);
    from = at();
    runs.clear();
    return part;
  }

  int runs() {
    return runs.size();
  }

  /** The rest, with the digest of everything. */
  Delta finish() {
    return new Delta(Range.between(from, at()), runs, composition.digest());
  }
}
