package io.driftless.protocol.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** An immutable run of bytes: the target of a symbolic link, the name or value of an attribute. */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A run with a copy of {@code content}. */
  public static Bytes of(byte[] content) {
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /** A run that takes over the array: the caller never touches it again. */
  public static Bytes owning(byte[] content) {
    return content.length == 0 ? EMPTY : new Bytes(content);
  }

  public static Bytes of(String text) {
    return owning(text.getBytes(UTF_8));
  }

  public int length() {
    return content.length;
  }

  public byte at(int index) {
    return content[index];
  }

  public void copyTo(byte[] into, int offset) {
    System.arraycopy(content, 0, into, offset, content.length);
  }

  public byte[] toBytes() {
    return content.clone();
  }

  public boolean startsWith(Bytes prefix) {
    return content.length >= prefix.content.length
        && Arrays.equals(
            content, 0, prefix.content.length, prefix.content, 0, prefix.content.length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  /** For people: escaped. */
  @Override
  public String toString() {
    return Escaped.display(content, 0, content.length);
  }
}
