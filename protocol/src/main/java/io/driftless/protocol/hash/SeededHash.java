package io.driftless.protocol.hash;

import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Name;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import net.openhft.hashing.LongHashFunction;
import net.openhft.hashing.LongTupleHashFunction;

/** XXH3 with a secret seed. Thread-safe. */
public final class SeededHash {
  private final LongHashFunction hash64;
  private final LongTupleHashFunction hash128;

  public SeededHash(long seed) {
    hash64 = LongHashFunction.xx3(seed);
    hash128 = LongTupleHashFunction.xx128(seed);
  }

  /** The 64-bit hash of {@code length} bytes from {@code offset} on; the reader index stays. */
  public long hash64(ByteBuf bytes, int offset, int length) {
    if (bytes.hasMemoryAddress()) {
      requireRange(bytes, offset, length);
      return hash64.hashMemory(bytes.memoryAddress() + offset, length);
    }
    return hash64.hashBytes(copyOf(bytes, offset, length));
  }

  /** The 64-bit hash of native memory, which the caller keeps alive. */
  public long hash64(long address, long length) {
    return hash64.hashMemory(address, length);
  }

  public long hash64(Name name) {
    return hash64.hashBytes(name.toBytes());
  }

  public long hash64(byte[] bytes) {
    return hash64.hashBytes(bytes);
  }

  /** The 64-bit hash of a part of an array. */
  public long hash64(byte[] bytes, int offset, int length) {
    return hash64.hashBytes(bytes, offset, length);
  }

  /** The 128-bit hash of {@code length} bytes from {@code offset} on; the reader index stays. */
  public Digest hash128(ByteBuf bytes, int offset, int length) {
    long[] result = new long[2];
    if (bytes.hasMemoryAddress()) {
      requireRange(bytes, offset, length);
      hash128.hashMemory(bytes.memoryAddress() + offset, length, result);
    } else {
      hash128.hashBytes(copyOf(bytes, offset, length), result);
    }
    return new Digest(result[1], result[0]);
  }

  /** The 128-bit hash of {@code length} bytes from {@code offset} on, wherever they begin. */
  public Digest hash128(MemorySegment bytes, long offset, long length) {
    MemorySegment slice = bytes.asSlice(offset, length);
    long[] result = new long[2];
    if (slice.isNative()) {
      hash128.hashMemory(slice.address(), length, result);
      Reference.reachabilityFence(bytes);
    } else if (slice.heapBase().orElse(null) instanceof byte[] array) {
      hash128.hashBytes(array, (int) slice.address(), (int) length, result);
    } else {
      hash128.hashBytes(slice.toArray(ValueLayout.JAVA_BYTE), result);
    }
    return new Digest(result[1], result[0]);
  }

  private static void requireRange(ByteBuf bytes, int offset, int length) {
    if (offset < 0 || length < 0 || offset > bytes.capacity() - length) {
      throw new IndexOutOfBoundsException(
          "%d bytes at %d of %d".formatted(length, offset, bytes.capacity()));
    }
  }

  private static byte[] copyOf(ByteBuf bytes, int offset, int length) {
    byte[] copy = new byte[length];
    bytes.getBytes(offset, copy);
    return copy;
  }
}
