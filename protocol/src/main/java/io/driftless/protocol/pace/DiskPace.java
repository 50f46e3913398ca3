package io.driftless.protocol.pace;

/**
 * How fast an agent may use the disks of its host, in all of its volumes together. Thread-safe.
 *
 * @param bytes of content that are read
 * @param entries that walks over trees look at
 */
public record DiskPace(TokenBucket bytes, TokenBucket entries) {
  /** Without limits, until some are set. */
  public static DiskPace of(Time time) {
    return new DiskPace(new TokenBucket(time), new TokenBucket(time, 1));
  }

  /** For whoever is not to be slowed down. */
  public static DiskPace unlimited() {
    return of(Time.SYSTEM);
  }
}
