package io.driftless.target.signature;

import io.driftless.protocol.delta.BlockSize;
import io.driftless.protocol.hash.SeededHash;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * How a signature lies in its file. All numbers are little-endian.
 *
 * <pre>
 * header   magic, version of the file, size of the file, wall clock in ms when it was recorded,
 *          checksum of these: each 8 bytes
 * chunks   for every 64 MiB of the file, in order:
 *          checksum (8), then of each leaf the lower and the upper half of its hash (16);
 *          zeros where it is not known
 * </pre>
 *
 * A checksum covers its chunk, the number of the chunk and the version, so that none is taken for
 * another.
 */
final class Layout {
  static final int LEAF_BYTES = BlockSize.LEAF_BYTES;
  static final int DIGEST_BYTES = 16;
  static final int CHUNK_LEAVES = 16 * 1024;

  private static final long MAGIC = 0x3147_4953_5446_5244L; // "DRFTSIG1"
  private static final int FIELDS_BYTES = 4 * Long.BYTES;
  private static final int HEADER_BYTES = FIELDS_BYTES + Long.BYTES;
  private static final int CHUNK_BYTES = Long.BYTES + CHUNK_LEAVES * DIGEST_BYTES;
  private static final int SALT_BYTES = 2 * Long.BYTES;

  private Layout() {}

  /** What is told of a file in the beginning. */
  record Header(long version, long fileBytes, long recordedMillis) {}

  static long leaves(long fileBytes) {
    return (fileBytes + LEAF_BYTES - 1) / LEAF_BYTES;
  }

  static int chunks(long fileBytes) {
    return Math.toIntExact((leaves(fileBytes) + CHUNK_LEAVES - 1) / CHUNK_LEAVES);
  }

  /** The leaves of a chunk; the last has fewer. */
  static int leavesOf(int chunk, long fileBytes) {
    return (int) Math.min(CHUNK_LEAVES, leaves(fileBytes) - (long) chunk * CHUNK_LEAVES);
  }

  /** Of the whole signature. */
  static long bytes(long fileBytes) {
    return HEADER_BYTES + (long) chunks(fileBytes) * Long.BYTES + leaves(fileBytes) * DIGEST_BYTES;
  }

  /** Where the hash of a leaf lies. */
  static long offsetOf(long leaf) {
    return offsetOfChunk((int) (leaf / CHUNK_LEAVES))
        + Long.BYTES
        + leaf % CHUNK_LEAVES * DIGEST_BYTES;
  }

  private static long offsetOfChunk(int chunk) {
    return HEADER_BYTES + (long) chunk * CHUNK_BYTES;
  }

  static void write(FileChannel file, Header header, SeededHash hash) throws IOException {
    ByteBuffer bytes = buffer(HEADER_BYTES);
    bytes.putLong(MAGIC).putLong(header.version).putLong(header.fileBytes);
    bytes.putLong(header.recordedMillis);
    bytes.putLong(checksum(bytes, FIELDS_BYTES, hash));
    writeAll(file, bytes.flip(), 0);
  }

  /**
   * Reads a header.
   *
   * @throws IOException also if it is none
   */
  static Header read(FileChannel file, SeededHash hash) throws IOException {
    ByteBuffer bytes = readAll(file, buffer(HEADER_BYTES), 0);
    if (bytes.getLong() != MAGIC) {
      throw new IOException("not a signature");
    }
    var header = new Header(bytes.getLong(), bytes.getLong(), bytes.getLong());
    if (bytes.getLong() != checksum(bytes, FIELDS_BYTES, hash)) {
      throw new IOException("a torn header");
    }
    return header;
  }

  /** Gives a chunk its checksum. */
  static void seal(FileChannel file, int chunk, Header header, SeededHash hash) throws IOException {
    int length = leavesOf(chunk, header.fileBytes) * DIGEST_BYTES;
    long offset = offsetOfChunk(chunk);
    ByteBuffer leaves = readAll(file, leavesBuffer(length), offset + Long.BYTES);
    ByteBuffer sum = buffer(Long.BYTES).putLong(checksum(leaves, length, chunk, header, hash));
    writeAll(file, sum.flip(), offset);
  }

  /**
   * The hashes in a chunk.
   *
   * @throws IOException also if they are not what was written
   */
  static ByteBuffer chunk(FileChannel file, int chunk, Header header, SeededHash hash)
      throws IOException {
    int length = leavesOf(chunk, header.fileBytes) * DIGEST_BYTES;
    long offset = offsetOfChunk(chunk);
    long sum = readAll(file, buffer(Long.BYTES), offset).getLong();
    ByteBuffer leaves = readAll(file, leavesBuffer(length), offset + Long.BYTES);
    if (sum != checksum(leaves, length, chunk, header, hash)) {
      throw new IOException("a torn chunk");
    }
    return leaves;
  }

  private static ByteBuffer leavesBuffer(int length) {
    return buffer(length + SALT_BYTES).limit(length);
  }

  private static long checksum(
      ByteBuffer leaves, int length, int chunk, Header header, SeededHash hash) {
    leaves.limit(length + SALT_BYTES);
    leaves.putLong(length, chunk).putLong(length + Long.BYTES, header.version);
    long sum = checksum(leaves, length + SALT_BYTES, hash);
    leaves.limit(length);
    return sum;
  }

  private static long checksum(ByteBuffer bytes, int length, SeededHash hash) {
    byte[] copy = new byte[length];
    bytes.get(0, copy);
    return hash.hash64(copy);
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static void writeAll(FileChannel file, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  private static ByteBuffer readAll(FileChannel file, ByteBuffer into, long offset)
      throws IOException {
    while (into.hasRemaining()) {
      int count = file.read(into, offset + into.position());
      if (count < 0) {
        throw new EOFException("a signature that ends early");
      }
    }
    return into.flip();
  }
}
