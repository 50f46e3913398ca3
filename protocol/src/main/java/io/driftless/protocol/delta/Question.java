package io.driftless.protocol.delta;

import java.util.List;
import java.util.Optional;

/** What travels before the delta of a segment. */
public sealed interface Question {
  /**
   * From the target, first: are these blocks of the basis still there?
   *
   * @param segment of the new version, at most {@link #SEGMENT_BYTES_MAX}
   * @param displacement how far behind its place in the basis content is expected: 0, or as the
   *     segment before turned out to be shifted
   * @param basisBytes size of the basis
   * @param basis the blocks; empty where the basis has nothing there
   */
  record Compare(Range segment, long displacement, long basisBytes, BlockHashes basis)
      implements Question {
    public static final int SEGMENT_BYTES_MAX = 64 * 1024 * 1024;

    /** No file is larger; so sums of offsets do not overflow. */
    private static final long FILE_BYTES_MAX = 1L << 61;

    public Compare {
      Range blocks = basis.basis();
      boolean inRange =
          segment.end() <= FILE_BYTES_MAX
              && basisBytes >= 0
              && basisBytes <= FILE_BYTES_MAX
              && displacement >= -FILE_BYTES_MAX
              && displacement <= FILE_BYTES_MAX;
      boolean inSegment =
          blocks.length() == 0
              || blocks.end() <= basisBytes
                  && blocks.from() + displacement >= segment.from()
                  && blocks.end() + displacement <= segment.end();
      if (segment.length() > SEGMENT_BYTES_MAX || !inRange || !inSegment) {
        throw new IllegalArgumentException(
            "%s of %d bytes, displaced by %d, for a segment of %d bytes at %d"
                .formatted(basis, basisBytes, displacement, segment.length(), segment.from()));
      }
    }

    /** Where in the new version the blocks are expected. */
    public Range expected() {
      Range blocks = basis.basis();
      return blocks.length() == 0
          ? new Range(segment.from(), 0)
          : new Range(blocks.from() + displacement, blocks.length());
    }
  }

  /**
   * From the source, where blocks differ: sign parts of the basis anew.
   *
   * @param finer ranges of the basis, ascending, whose leaves are to be compared
   * @param window part of the basis whose content is to be searched for
   */
  record Refine(List<Range> finer, Optional<Window> window) implements Question {
    /** Most ranges: every other leaf of a segment. */
    public static final int RANGES_MAX = Compare.SEGMENT_BYTES_MAX / BlockSize.LEAF_BYTES / 2;

    public Refine {
      finer = List.copyOf(finer);
      if (finer.size() > RANGES_MAX) {
        throw new IllegalArgumentException("%d ranges to refine".formatted(finer.size()));
      }
    }

    /** Whether there is nothing to ask. */
    public boolean isEmpty() {
      return finer.isEmpty() && window.isEmpty();
    }
  }

  /** The answer to {@link Refine}: for each of its ranges and for its window, in the same order. */
  record Refined(List<BlockHashes> finer, Optional<RollingSignature> window) implements Question {
    static final Refined NOTHING = new Refined(List.of(), Optional.empty());

    public Refined {
      finer = List.copyOf(finer);
    }
  }

  /** A part of the basis, to be signed in blocks of a size. */
  record Window(Range basis, BlockSize block) {
    /** Most bytes that the target reads and signs for one segment. */
    public static final long BYTES_MAX = 1L << 30;

    public Window {
      if (basis.length() > bytesMax(block)) {
        throw new IllegalArgumentException(
            "a window of %d bytes in blocks of %d".formatted(basis.length(), block.bytes()));
      }
    }

    static long bytesMax(BlockSize block) {
      return Math.min(BYTES_MAX, (long) RollingSignature.BLOCKS_MAX * block.bytes());
    }
  }
}
