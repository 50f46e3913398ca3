package io.driftless.protocol.delta;

import static io.driftless.protocol.delta.BlockSize.LEAF_BYTES;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a segment, composed of the full hashes of its pieces in order: the leaves of
 * matched blocks, holes, and literals cut at multiples of {@link BlockSize#LEAF_BYTES} in the new
 * file. Both sides meet the same pieces, each hash was made once, and where the pieces of two
 * deltas are cut alike, what is literal and what is match leaves no trace.
 */
final class Composition {
  /*
   * Pieces are written one after the other, as (length, lower half, upper half), little-endian; a
   * full page is hashed and its hash begins the next one. The last page begins with what it is
   * preceded by in the same manner, so that no sequence of pieces is the prefix of another: their
   * number decides how many pages there are and how long the last one is.
   */
  private static final ValueLayout.OfLong LITTLE_ENDIAN =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int PAGE_BYTES = 24 * 128;

  private final StrongHash hash;
  private final @Nullable LeafHashes noted;
  private final MemorySegment page = MemorySegment.ofArray(new byte[PAGE_BYTES]);
  private final MemorySegment partial = MemorySegment.ofArray(new byte[LEAF_BYTES]);
  private long at;
  private int pageBytes;
  private int partialBytes;

  /**
   * @param from offset in the new file
   */
  Composition(long from, StrongHash hash) {
    this(from, hash, null);
  }

  /**
   * A composition by which others learn.
   *
   * @param noted takes note of pieces that are leaves of the new file, if given
   */
  Composition(long from, StrongHash hash, @Nullable LeafHashes noted) {
    this.at = from;
    this.hash = hash;
    this.noted = noted;
  }

  /** Adds literal bytes; neighbours are one literal, however they are handed over. */
  void literal(MemorySegment bytes, @Nullable LeafHashes known) {
    long position = 0;
    while (position < bytes.byteSize()) {
      long length = Math.min(LEAF_BYTES - at % LEAF_BYTES, bytes.byteSize() - position);
      if (length == LEAF_BYTES) {
        piece(at, length, wholeLeaf(bytes, position, known));
      } else {
        keep(bytes, position, (int) length);
      }
      position += length;
      at += length;
      if (at % LEAF_BYTES == 0) {
        flush();
      }
    }
  }

  private Digest wholeLeaf(MemorySegment bytes, long position, @Nullable LeafHashes known) {
    if (known != null && known.knowsLeaf(new Range(at, LEAF_BYTES))) {
      return known.leaf(known.indexOf(at));
    }
    return hash.hash(bytes, position, LEAF_BYTES);
  }

  private void keep(MemorySegment bytes, long position, int length) {
    MemorySegment.copy(bytes, position, partial, partialBytes, length);
    partialBytes += length;
  }

  private void flush() {
    if (partialBytes > 0) {
      piece(at - partialBytes, partialBytes, hash.hash(partial, 0, partialBytes));
      partialBytes = 0;
    }
  }

  /** Adds a leaf of a match. */
  void match(long length, Digest leaf) {
    flush();
    piece(at, length, leaf);
    at += length;
  }

  void hole(long length) {
    flush();
    add(length, Digest.EMPTY);
    if (noted != null) {
      noted.learnZeros(new Range(at, length));
    }
    at += length;
  }

  private void piece(long from, long length, Digest digest) {
    add(length, digest);
    if (noted != null) {
      noted.learn(new Range(from, length), digest);
    }
  }

  private void add(long length, Digest digest) {
    write(length, digest);
    if (pageBytes == PAGE_BYTES) {
      Digest chained = hash.hash(page, 0, pageBytes);
      pageBytes = 0;
      write(0, chained);
    }
  }

  private void write(long length, Digest digest) {
    page.set(LITTLE_ENDIAN, pageBytes, length);
    page.set(LITTLE_ENDIAN, pageBytes + 8, digest.low());
    page.set(LITTLE_ENDIAN, pageBytes + 16, digest.high());
    pageBytes += 24;
  }

  /** Where in the new file the next piece begins. */
  long at() {
    return at;
  }

  /** The digest of everything; nothing can be added any more. */
  Digest digest() {
    flush();
    return hash.hash(page, 0, pageBytes);
  }
}
