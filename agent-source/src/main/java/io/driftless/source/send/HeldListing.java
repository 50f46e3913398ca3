package io.driftless.source.send;

import io.driftless.protocol.message.ContentMessage.Completeness;

/**
 * The records of a slice as they were offered, kept while the target compares the digest.
 *
 * @param sequence taken before the directory was opened
 * @param records see {@code RecordReader}; nobody changes them
 */
public record HeldListing(long sequence, Completeness completeness, Records records) {
  /** Bytes that nobody changes any more. */
  public static final class Records {
    private final byte[] bytes;

    public Records(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }

    public int length() {
      return bytes.length;
    }
  }
}
