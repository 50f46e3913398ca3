package io.driftless.source.watch;

import java.util.Arrays;

/** A file handle as the key of a map. One that is {@link #of} a place in a buffer is a view. */
final class HandleKey {
  private byte[] bytes = {};
  private int offset;
  private int length;
  private int hash;

  /** Makes this one a view of a handle in a buffer, valid until that changes. */
  HandleKey of(byte[] buffer, int offset, int length) {
    this.bytes = buffer;
    this.offset = offset;
    this.length = length;
    int sum = length;
    for (int i = offset; i < offset + length; i++) {
      sum = 31 * sum + buffer[i];
    }
    this.hash = sum ^ sum >>> 15;
    return this;
  }

  HandleKey copy() {
    return new HandleKey().of(Arrays.copyOfRange(bytes, offset, offset + length), 0, length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HandleKey key
        && hash == key.hash
        && Arrays.equals(
            bytes, offset, offset + length, key.bytes, key.offset, key.offset + key.length);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
