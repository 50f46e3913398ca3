package io.driftless.protocol.listing;

import io.driftless.protocol.tree.Digest;

/**
 * Where the data of a file lies between its holes, its ends rounded to whole blocks.
 *
 * @param extents runs of data that do not touch
 * @param dataBytes of all of them, rounded
 * @param digest of all of them
 */
public record DataLayout(long extents, long dataBytes, Digest digest) {
  public static final DataLayout NONE = new DataLayout(0, 0, Digest.EMPTY);

  public DataLayout {
    if (extents < 0 || dataBytes < 0) {
      throw new IllegalArgumentException("%d extents of %d bytes".formatted(extents, dataBytes));
    }
  }

  /** For people. */
  @Override
  public String toString() {
    return "%d bytes of data in %d %s"
        .formatted(dataBytes, extents, extents == 1 ? "extent" : "extents");
  }
}
