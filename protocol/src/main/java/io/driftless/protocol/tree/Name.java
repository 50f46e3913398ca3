package io.driftless.protocol.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The name of one entry in a directory: 1 to 255 bytes, exactly as the kernel has them.
 *
 * <p>A name is never a {@code String}: decoding loses bytes. It can't be {@code .} or {@code ..}
 * and can't contain a slash or a NUL, so a name from a peer may be handed to a system call relative
 * to a directory without further checks. Ordered by unsigned bytes.
 */
public final class Name implements Comparable<Name> {
  public static final int MAX_BYTES = 255;

  private final byte[] bytes;
  private final int hash;

  private Name(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /**
   * A name with a copy of these bytes.
   *
   * @throws IllegalArgumentException if they are no name; the message escapes them
   */
  public static Name of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** As {@link #of(byte[])}, of a part of an array. */
  public static Name of(byte[] bytes, int offset, int length) {
    String flaw = flawOf(bytes, offset, length);
    if (flaw != null) {
      throw new IllegalArgumentException(
          "not a file name, %s: %s"
              .formatted(flaw, Escaped.display(bytes, offset, Math.min(length, MAX_BYTES))));
    }
    return new Name(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** A name from text that the program itself chose, in UTF-8. */
  public static Name of(String text) {
    return of(text.getBytes(UTF_8));
  }

  private static @org.jspecify.annotations.Nullable String flawOf(
      byte[] bytes, int offset, int length) {
    if (length == 0) {
      return "empty";
    }
    if (length > MAX_BYTES) {
      return "longer than " + MAX_BYTES + " bytes";
    }
    if (bytes[offset] == '.' && (length == 1 || length == 2 && bytes[offset + 1] == '.')) {
      return "it would lead elsewhere";
    }
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '/' || bytes[i] == 0) {
        return "it contains a slash or NUL";
      }
    }
    return null;
  }

  public int length() {
    return bytes.length;
  }

  public byte at(int index) {
    return bytes[index];
  }

  /** Copies the bytes into an array at an offset; the caller has seen to the room. */
  public void copyTo(byte[] into, int offset) {
    System.arraycopy(bytes, 0, into, offset, bytes.length);
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public int compareTo(Name other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Name name && hash == name.hash && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For people: what isn't printable is escaped. Never to be parsed. */
  @Override
  public String toString() {
    return Escaped.display(bytes, 0, bytes.length);
  }
}
