package io.driftless.protocol.delta;

import static io.driftless.protocol.delta.BlockSize.LEAF_BYTES;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;

/**
 * Watches a delta being applied: checks that every run is legal before it is, and the digest after
 * the last one. Whoever applies it calls the methods in the order of the runs. Confined to one
 * thread at a time.
 */
public final class Patch {
  private final Range segment;
  private final BasisSegment basis;
  private final LeafHashes leaves;
  private final Composition composition;

  Patch(Range segment, BasisSegment basis, StrongHash hash) {
    this.segment = segment;
    this.basis = basis;
    this.leaves = new LeafHashes(segment, hash);
    this.composition = new Composition(segment.from(), hash, leaves);
  }

  /** Where in the new version the next run begins. */
  public long at() {
    return composition.at();
  }

  /**
   * Takes note of a match.
   *
   * @throws DeltaException.Illegal if it reaches beyond the segment, or stands for anything that
   *     was not signed
   */
  public void match(Run.Match match) throws DeltaException {
    requireRoom(match.length());
    long end = match.basisOffset() + match.length();
    for (long at = match.basisOffset(); at < end; at += LEAF_BYTES) {
      Range leaf = Range.between(at, Math.min(end, at + LEAF_BYTES));
      Digest digest = basis.leaf(leaf);
      if (digest == null) {
        throw new DeltaException.Illegal("%s matches what was not offered".formatted(match));
      }
      composition.match(leaf.length(), digest);
    }
  }

  /**
   * Hashes literal bytes; one run may be handed over in portions.
   *
   * @throws DeltaException.Illegal if they reach beyond the segment
   */
  public void literal(MemorySegment bytes) throws DeltaException {
    requireRoom(bytes.byteSize());
    composition.literal(bytes, null);
  }

  /**
   * Takes note of a hole.
   *
   * @throws DeltaException.Illegal if it reaches beyond the segment
   */
  public void hole(Run.Hole hole) throws DeltaException {
    requireRoom(hole.length());
    composition.hole(hole.length());
  }

  /** What has become known of the new version, at no cost: of it too the leaves at their places. */
  public LeafHashes leaves() {
    return leaves;
  }

  private void requireRoom(long bytes) throws DeltaException {
    if (bytes > segment.end() - at()) {
      throw new DeltaException.Illegal(
          "%d bytes at %d, in a segment that ends at %d".formatted(bytes, at(), segment.end()));
    }
  }

  /**
   * Compares what the segment was put together from with what the source has.
   *
   * @param delta the whole, or its last part
   * @throws DeltaException.Illegal if it is incomplete
   * @throws DeltaException.Mismatch if it has to be discarded
   */
  public void finish(Delta delta) throws DeltaException {
    if (delta.covered().end() != at()) {
      throw new DeltaException.Illegal("runs up to %d for %s".formatted(at(), delta.covered()));
    }
    if (!composition.digest().equals(delta.digest())) {
      throw new DeltaException.Mismatch(
          "the segment at %d did not come out as the source has it".formatted(segment.from()));
    }
  }
}
