package io.driftless.protocol.identity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** 32 bytes that only mean something as a whole: a hash, a nonce, a proof. Big-endian. */
public record Word256(long w0, long w1, long w2, long w3) {
  public static final int BYTES = 32;

  /**
   * The word in these bytes.
   *
   * @throws IllegalArgumentException unless there are 32
   */
  public static Word256 of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a 256-bit word has 32 bytes, not " + bytes.length);
    }
    return read(ByteBuffer.wrap(bytes));
  }

  /** Reads 32 bytes and advances the buffer. */
  public static Word256 read(ByteBuffer from) {
    return new Word256(from.getLong(), from.getLong(), from.getLong(), from.getLong());
  }

  public static Word256 random(SecureRandom random) {
    return new Word256(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /**
   * The word whose {@link #toString} is given.
   *
   * @throws IllegalArgumentException unless it is 64 hexadecimal digits
   */
  public static Word256 parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  static Word256 sha256(byte[] bytes) {
    try {
      return of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** HMAC-SHA256 of a message with this word as the key. */
  Word256 hmac(byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(toBytes(), "HmacSHA256"));
      return of(mac.doFinal(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** As {@code equals}, in a time that doesn't depend on where the words differ. */
  boolean equalsInConstantTime(Word256 other) {
    return ((w0 ^ other.w0) | (w1 ^ other.w1) | (w2 ^ other.w2) | (w3 ^ other.w3)) == 0;
  }

  public void write(ByteBuffer into) {
    into.putLong(w0).putLong(w1).putLong(w2).putLong(w3);
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    write(ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Override
  public String toString() {
    return "%016x%016x%016x%016x".formatted(w0, w1, w2, w3);
  }
}
