package io.driftless.protocol.listing;

import io.driftless.protocol.hash.Sha256;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.ContentSum.Zeros;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sums up what a file holds, from its data alone. Owns a buffer; confined to one thread at a time.
 */
final class ContentSummer implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 4096;
  private static final int ZEROS_BYTES = 64 * 1024;

  /** Between two looks whether somebody wants it to end. */
  private static final int ZEROS_AT_ONCE_BYTES = 16 << 20;

  private final ContentReader reader;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
  private final ByteBuffer view = buffer.asByteBuffer();
  private final byte[] zeros = new byte[ZEROS_BYTES];
  private final MemorySegment zeroBlock = MemorySegment.ofArray(zeros).asSlice(0, BLOCK_BYTES);
  private final ByteBuffer offset = ByteBuffer.allocate(Long.BYTES);
  private final MessageDigest sha = sha256();

  ContentSummer(ContentReader reader) {
    this.reader = reader;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Reads a file.
   *
   * @param progress told of bytes as they are dealt with, holes included
   * @return null if it ended too early
   */
  @Nullable ContentSum sum(Extents extents, Zeros treatment, LongConsumer progress)
      throws LinuxException, InterruptedException {
    sha.reset();
    try (ContentReader.Reading file = reader.open(extents.file(), extents.end())) {
      return sum(file, extents, treatment, progress)
          ? new ContentSum(treatment, Sha256.of(sha.digest()))
          : null;
    }
  }

  private boolean sum(
      ContentReader.Reading file, Extents extents, Zeros treatment, LongConsumer progress)
      throws LinuxException, InterruptedException {
    long at = 0; // a multiple of a block, or the end
    while (at < extents.end()) {
      Interruptions.heed();
      long data = extents.dataFrom(at);
      long hole = (data == extents.end() ? data : data & -BLOCK_BYTES) - at;
      if (hole > 0) {
        at += skip(hole, treatment, progress);
        continue;
      }
      long end = Math.min(extents.end(), wholeBlocks(extents.dataEnd(data)));
      if (!read(file, at, end, treatment, progress)) {
        return false;
      }
      at = end;
    }
    return true;
  }

  private static long wholeBlocks(long bytes) {
    return bytes > Long.MAX_VALUE - BLOCK_BYTES ? bytes : bytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
  }

  /** Returns how much of a hole has been dealt with. */
  private long skip(long bytes, Zeros treatment, LongConsumer progress) {
    long count = bytes;
    if (treatment == Zeros.HASHED) {
      count = Math.min(bytes, ZEROS_AT_ONCE_BYTES);
      for (long left = count; left > 0; left -= zeros.length) {
        sha.update(zeros, 0, (int) Math.min(zeros.length, left));
      }
    }
    progress.accept(count);
    return count;
  }

  private boolean read(
      ContentReader.Reading file, long from, long to, Zeros treatment, LongConsumer progress)
      throws LinuxException, InterruptedException {
    long at = from;
    while (at < to) {
      int length = (int) Math.min(BUFFER_BYTES, to - at);
      if (!fill(file, at, length, progress)) {
        return false;
      }
      switch (treatment) {
        case HASHED -> sha.update(view.limit(length).position(0));
        case SKIPPED -> hashBlocks(at, length);
      }
      at += length;
    }
    return true;
  }

  /** Returns false where the file ends too early. */
  private boolean fill(ContentReader.Reading file, long at, int length, LongConsumer progress)
      throws LinuxException, InterruptedException {
    int filled = 0;
    while (filled < length) {
      Interruptions.heed();
      int got = file.readSome(at + filled, buffer.address() + filled, length - filled);
      if (got == 0) {
        return false;
      }
      progress.accept(got);
      filled += got;
    }
    return true;
  }

  private void hashBlocks(long at, int length) {
    for (int from = 0; from < length; from += BLOCK_BYTES) {
      int to = Math.min(length, from + BLOCK_BYTES);
      if (MemorySegment.mismatch(buffer, from, to, zeroBlock, 0, to - from) >= 0) {
        sha.update(offset.clear().putLong(at + from).flip());
        sha.update(view.limit(to).position(from));
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
