package io.driftless.target.signature;

import io.driftless.protocol.delta.LeafHashes;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hashes of the leaves of one version of a file, as far as they are known. Confined to one
 * thread at a time.
 */
public final class Signature implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Signature.class);

  private final FileChannel file;
  private final Layout.Header header;
  private final SeededHash hash;
  private int cachedNumber = -1;
  private @Nullable ByteBuffer cached;

  /** Takes over the open file. */
  Signature(FileChannel file, Layout.Header header, SeededHash hash) {
    this.file = file;
    this.header = header;
    this.hash = hash;
  }

  /** What is known of a range of the file; nothing where it can't be read. */
  public LeafHashes leaves(Range range) {
    var leaves = new LeafHashes(range, hash::hash128);
    if (range.from() % Layout.LEAF_BYTES != 0 || range.end() > header.fileBytes()) {
      return leaves;
    }
    long first = range.from() / Layout.LEAF_BYTES;
    int index = 0;
    while (index < leaves.count()) {
      int chunk = Math.toIntExact((first + index) / Layout.CHUNK_LEAVES);
      int inChunk = (int) ((first + index) % Layout.CHUNK_LEAVES);
      int count =
          Math.min(leaves.count() - index, Layout.leavesOf(chunk, header.fileBytes()) - inChunk);
      learn(leaves, index, chunk, inChunk, count);
      index += count;
    }
    return leaves;
  }

  private void learn(LeafHashes leaves, int index, int chunk, int inChunk, int count) {
    ByteBuffer known;
    try {
      known = chunk(chunk);
    } catch (IOException e) {
      LOG.debug("a part of a signature is not used: {}", e.getMessage());
      return;
    }
    known.position(inChunk * Layout.DIGEST_BYTES);
    for (int i = 0; i < count; i++) {
      long low = known.getLong();
      var digest = new Digest(known.getLong(), low);
      if (!digest.equals(Digest.EMPTY) && isWholeLeaf(leaves, index + i)) {
        leaves.learn(index + i, digest);
      }
    }
  }

  /** Several ranges in a row lie in one. */
  private ByteBuffer chunk(int number) throws IOException {
    ByteBuffer chunk = cached;
    if (chunk == null || number != cachedNumber) {
      chunk = Layout.chunk(file, number, header, hash);
      cached = chunk;
      cachedNumber = number;
    }
    return chunk;
  }

  /** The last leaf of a range may end before that of the file does. */
  private boolean isWholeLeaf(LeafHashes leaves, int index) {
    long end = leaves.leafEnd(index);
    return end - leaves.leafFrom(index) == Layout.LEAF_BYTES || end == header.fileBytes();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("a signature can't be closed: {}", e.getMessage());
    }
  }
}
