package io.driftless.protocol.listing;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Digest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a file's content, the same on both sides: piece by piece, each hashed together with
 * what came of those before it. Thread-safe.
 */
public final class ContentHash {
  private static final int PIECE_BYTES = 256 * 1024;
  private static final int DIGEST_BYTES = 2 * Long.BYTES;
  private static final ValueLayout.OfLong NUMBER =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final SeededHash hash;
  private final ContentReader reader;

  public ContentHash(SeededHash hash, ContentReader reader) {
    this.hash = hash;
    this.reader = reader;
  }

  /**
   * Reads a file from its start.
   *
   * @param bytes how long it is
   * @return null if it ends before
   */
  public @Nullable Digest of(Fd file, long bytes) throws LinuxException, InterruptedException {
    try (Arena arena = Arena.ofConfined();
        ContentReader.Reading reading = reader.open(file, bytes)) {
      MemorySegment piece = arena.allocate(DIGEST_BYTES + Math.min(bytes, PIECE_BYTES), Long.BYTES);
      Digest digest = Digest.EMPTY;
      for (long at = 0; at < bytes; at += PIECE_BYTES) {
        int length = (int) Math.min(PIECE_BYTES, bytes - at);
        Interruptions.heed();
        if (reading.read(at, piece.address() + DIGEST_BYTES, length) < length) {
          return null;
        }
        piece.set(NUMBER, 0, digest.high());
        piece.set(NUMBER, Long.BYTES, digest.low());
        digest = hash.hash128(piece, 0, DIGEST_BYTES + length);
      }
      return digest;
    }
  }
}
