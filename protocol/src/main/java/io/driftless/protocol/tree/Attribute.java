package io.driftless.protocol.tree;

/**
 * One extended attribute, POSIX ACLs and file capabilities among them, as the kernel hands it out.
 *
 * @param name with its namespace, 1 to 255 bytes without NUL
 * @param value up to 64 KiB, may be empty
 */
public record Attribute(Bytes name, Bytes value) implements Comparable<Attribute> {
  public static final int MAX_NAME_BYTES = 255;
  public static final int MAX_VALUE_BYTES = 64 * 1024;

  public Attribute {
    if (name.length() == 0 || name.length() > MAX_NAME_BYTES) {
      throw new IllegalArgumentException("attribute name of %d bytes".formatted(name.length()));
    }
    if (value.length() > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException("attribute value of %d bytes".formatted(value.length()));
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.at(i) == 0) {
        throw new IllegalArgumentException("attribute name contains NUL: " + name);
      }
    }
  }

  @Override
  public int compareTo(Attribute other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : value.compareTo(other.value);
  }
}
