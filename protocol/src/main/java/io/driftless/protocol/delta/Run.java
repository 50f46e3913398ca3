package io.driftless.protocol.delta;

/** A stretch of the new version; lengths add up from the offset of the segment. */
public sealed interface Run {
  long length();

  /** Bytes that travel with the runs. */
  record Literal(long length) implements Run {
    public Literal {
      requirePositive(length);
    }
  }

  /** What the basis holds at an offset. */
  record Match(long basisOffset, long length) implements Run {
    public Match {
      requirePositive(length);
      if (basisOffset < 0 || length > Long.MAX_VALUE - basisOffset) {
        throw new IllegalArgumentException(
            "a match of %d bytes at %d of the basis".formatted(length, basisOffset));
      }
    }
  }

  /** No data. Nothing here finds holes: whoever reads the file does. */
  record Hole(long length) implements Run {
    public Hole {
      requirePositive(length);
    }
  }

  private static void requirePositive(long length) {
    if (length <= 0) {
      throw new IllegalArgumentException("a run of %d bytes".formatted(length));
    }
  }
}
