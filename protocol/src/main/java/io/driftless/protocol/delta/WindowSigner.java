package io.driftless.protocol.delta;

import io.driftless.protocol.delta.Question.Window;
import java.lang.foreign.MemorySegment;

/** Signs a window of the basis for a search. Confined to one thread at a time. */
public final class WindowSigner {
  private final Window window;
  private final LeafHashes leaves;
  private final StrongHash hash;
  private final int[] weak;
  private final long[] strong;
  private int signed;

  WindowSigner(Window window, LeafHashes leaves, StrongHash hash) {
    this.window = window;
    this.leaves = leaves;
    this.hash = hash;
    int count = window.block().count(window.basis().length());
    this.weak = new int[count];
    this.strong = new long[count];
  }

  /** What is to be handed over next; empty in the end. */
  public Range wanted() {
    Range basis = window.basis();
    long from = Math.min(basis.end(), basis.from() + (long) signed * window.block().bytes());
    return Range.between(from, basis.end());
  }

  /**
   * Signs the blocks that are complete in these bytes, which begin where {@link #wanted} does.
   *
   * @return bytes that were signed; the rest has to come again
   */
  public long sign(MemorySegment bytes) {
    Range wanted = wanted();
    leaves.hash(wanted.from(), bytes);
    var tree = new TreeHash(hash, window.block());
    long at = 0;
    while (signed < weak.length) {
      int length = (int) Math.min(window.block().bytes(), wanted.length() - at);
      if (at + length > bytes.byteSize()) {
        break;
      }
      weak[signed] = WeakHash.of(bytes, at, length);
      strong[signed] = leaves.block(new Range(wanted.from() + at, length), tree).low();
      signed++;
      at += length;
    }
    return at;
  }

  /**
   * The signature of the whole window.
   *
   * @throws IllegalStateException if not everything was handed over
   */
  public RollingSignature signature() {
    if (signed < weak.length) {
      throw new IllegalStateException("still to be signed: " + wanted());
    }
    return new RollingSignature(new BlockHashes(window.basis(), window.block(), strong), weak);
  }
}
