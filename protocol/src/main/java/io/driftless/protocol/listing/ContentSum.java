package io.driftless.protocol.listing;

import io.driftless.protocol.hash.Sha256;

/** What a file's content sums up to. Only sums that treat zeros alike can be compared. */
public record ContentSum(Zeros zeros, Sha256 hash) {
  /** What becomes of the zeros of a file, whether they lie in holes or not. */
  public enum Zeros {
    /** All bytes are hashed, as {@code sha256sum} does it. */
    HASHED,
    /**
     * Only blocks of 4 KiB in which not all is zero are hashed, each after its offset: a file that
     * consists of holes costs no time.
     */
    SKIPPED;

    /** What both sides do that can't agree on anything better: the size alone decides. */
    public static Zeros ofSize(long bytes) {
      return bytes > FileExaminer.HOLES_HASHED_MAX ? SKIPPED : HASHED;
    }
  }

  /** For people. */
  @Override
  public String toString() {
    return zeros == Zeros.SKIPPED ? hash + " without zeros" : hash.toString();
  }
}
