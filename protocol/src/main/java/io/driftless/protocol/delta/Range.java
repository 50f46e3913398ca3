package io.driftless.protocol.delta;

/** Bytes of a file: {@code [from, from + length)}. May be empty. */
public record Range(long from, long length) {
  public Range {
    if (from < 0 || length < 0 || length > Long.MAX_VALUE - from) {
      throw new IllegalArgumentException("not a range: %d bytes at %d".formatted(length, from));
    }
  }

  public static Range between(long from, long end) {
    return new Range(from, end - from);
  }

  public long end() {
    return from + length;
  }

  boolean contains(Range other) {
    return from <= other.from && other.end() <= end();
  }
}
