package io.driftless.protocol.delta;

import static io.driftless.protocol.delta.BlockSize.LEAF_BYTES;

import io.driftless.protocol.delta.Question.Compare;
import io.driftless.protocol.delta.Question.Refine;
import io.driftless.protocol.delta.Question.Window;
import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target's side of one segment: signs the basis, asks, and knows afterwards what a match stands
 * for. Keeps 16 bytes for every {@link BlockSize#LEAF_BYTES} of basis that it was shown, and none
 * of the bytes. Confined to one thread at a time.
 *
 * <p>In this order: {@link #recall}, if anything is known; {@link #sign} what {@link #unsigned}
 * names, {@link #compare}; if the source has a further question {@link #finer} and {@link #window};
 * {@link #patch}.
 */
public final class BasisSegment {
  private final Range segment;
  private final long displacement;
  private final long basisBytes;
  private final BlockSize block;
  private final StrongHash hash;
  private final LeafHashes leaves;
  private @Nullable LeafHashes windowLeaves;

  /**
   * @param segment of the new version
   * @param displacement see {@link Alignment}
   * @param basisBytes size of the basis
   * @param block to be compared first, see {@link BlockSize#forFile}
   */
  public BasisSegment(
      Range segment, long displacement, long basisBytes, BlockSize block, StrongHash hash) {
    this.segment = segment;
    this.displacement = displacement;
    this.basisBytes = basisBytes;
    this.block = block;
    this.hash = hash;
    this.leaves = new LeafHashes(counterpart(), hash);
  }

  private Range counterpart() {
    long from = segment.from() - displacement;
    if (from < 0) {
      from += (-from + block.bytes() - 1) / block.bytes() * block.bytes();
    }
    long end = Math.min(segment.end() - displacement, basisBytes);
    return end > from ? Range.between(from, end) : new Range(Math.floorMod(from, LEAF_BYTES), 0);
  }

  /** The bytes of the basis that the first question is about. */
  public Range toSign() {
    return leaves.range();
  }

  /** Takes over hashes of the basis that are known from before; these bytes need not be signed. */
  public void recall(LeafHashes stored) {
    leaves.learn(stored);
  }

  /** The parts of {@link #toSign} that are still to be signed, ascending. */
  public List<Range> unsigned() {
    return leaves.unknown();
  }

  /**
   * Hashes bytes of the basis, in any portions that begin at leaves: at the beginning of {@link
   * #toSign}, or multiples of {@link BlockSize#LEAF_BYTES} from there.
   *
   * @param offset of the bytes in the basis
   */
  public void sign(long offset, MemorySegment bytes) {
    leaves.hash(offset, bytes);
  }

  /**
   * The first question.
   *
   * @throws IllegalStateException if not everything was signed
   */
  public Compare compare() {
    return new Compare(segment, displacement, basisBytes, hashes(leaves.range(), block));
  }

  private BlockHashes hashes(Range range, BlockSize size) {
    if (!leaves.knows(range)) {
      throw new IllegalStateException("%s of the basis was not signed".formatted(range));
    }
    var tree = new TreeHash(hash, size);
    long[] result = new long[size.count(range.length())];
    for (int i = 0; i < result.length; i++) {
      long from = range.from() + (long) i * size.bytes();
      Range one = Range.between(from, Math.min(range.end(), from + size.bytes()));
      result[i] = leaves.block(one, tree).low();
    }
    return new BlockHashes(range, size, result);
  }

  /**
   * Answers which leaves the basis has in the ranges of a further question.
   *
   * @throws DeltaException.Illegal if it asks for what was not offered
   */
  public List<BlockHashes> finer(Refine question) throws DeltaException {
    var result = new ArrayList<BlockHashes>();
    long end = 0;
    for (Range range : question.finer()) {
      if (range.length() == 0 || range.from() < end || !leaves.knows(range)) {
        throw new DeltaException.Illegal("asked for leaves of %s".formatted(range));
      }
      result.add(hashes(range, BlockSize.LEAF));
      end = range.end();
    }
    return result;
  }

  /**
   * Begins the answer to the other part of a further question, at most once.
   *
   * @throws DeltaException.Illegal if the window lies outside the basis or is cut otherwise
   */
  public WindowSigner window(Window window) throws DeltaException {
    Range range = window.basis();
    boolean cutAlike = (range.from() - leaves.range().from()) % LEAF_BYTES == 0;
    if (windowLeaves != null || range.end() > basisBytes || !cutAlike) {
      throw new DeltaException.Illegal(
          "asked for a window of %s in %d bytes".formatted(range, basisBytes));
    }
    var signed = new LeafHashes(range, hash);
    signed.learn(leaves);
    windowLeaves = signed;
    return new WindowSigner(window, signed, hash);
  }

  /** Follows the source's answer, and knows in the end whether it came out right. */
  public Patch patch() {
    return new Patch(segment, this, hash);
  }

  /** The full hash of a leaf that the source was told of; null if it was told of no such leaf. */
  @Nullable Digest leaf(Range leaf) {
    if (leaves.knowsLeaf(leaf)) {
      return leaves.leaf(leaves.indexOf(leaf.from()));
    }
    LeafHashes further = windowLeaves;
    return further != null && further.knowsLeaf(leaf)
        ? further.leaf(further.indexOf(leaf.from()))
        : null;
  }
}
