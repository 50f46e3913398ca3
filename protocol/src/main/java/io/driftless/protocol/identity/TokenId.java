package io.driftless.protocol.identity;

import java.util.HexFormat;

/** Names an invitation; not a secret. */
public record TokenId(long bits) {
  static TokenId parse(String hex) {
    return new TokenId(HexFormat.fromHexDigitsToLong(hex));
  }

  @Override
  public String toString() {
    return "%016x".formatted(bits);
  }
}
