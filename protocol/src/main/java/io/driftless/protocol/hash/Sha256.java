package io.driftless.protocol.hash;

import java.nio.ByteBuffer;

/** A SHA-256, in the order in which it is written: {@code first} holds the first eight bytes. */
public record Sha256(long first, long second, long third, long fourth) {
  public static final int BYTES = 32;

  /**
   * The hash with these bytes.
   *
   * @throws IllegalArgumentException if there are not {@value #BYTES}
   */
  public static Sha256 of(byte[] digest) {
    if (digest.length != BYTES) {
      throw new IllegalArgumentException("a SHA-256 of %d bytes".formatted(digest.length));
    }
    ByteBuffer in = ByteBuffer.wrap(digest);
    return new Sha256(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /** 64 hexadecimal digits, as {@code sha256sum} writes them. */
  @Override
  public String toString() {
    return "%016x%016x%016x%016x".formatted(first, second, third, fourth);
  }
}
