package io.driftless.protocol.pace;

/**
 * What an agent may use up.
 *
 * @param wire bits a second over all lanes, as ciphertext
 * @param disk bytes a second that are read
 * @param walk entries a second that are looked at
 */
public record Limits(Limit wire, Limit disk, Limit walk) {
  public static final Limits NONE = new Limits(Limit.UNLIMITED, Limit.UNLIMITED, Limit.UNLIMITED);

  public Limits withWire(Limit other) {
    return new Limits(other, disk, walk);
  }
}
