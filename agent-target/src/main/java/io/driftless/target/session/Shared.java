package io.driftless.target.session;

import io.driftless.protocol.pace.TokenBucket;

/**
 * What all volumes of a target agent share.
 *
 * @param disk paces what is read
 * @param turns of passes over trees
 */
public record Shared(TokenBucket disk, PassTurns turns) {
  /** For whoever is alone. */
  public static Shared unlimited() {
    return with(TokenBucket.unlimited());
  }

  public static Shared with(TokenBucket disk) {
    return new Shared(disk, new PassTurns(PassTurns.AT_A_TIME));
  }
}
