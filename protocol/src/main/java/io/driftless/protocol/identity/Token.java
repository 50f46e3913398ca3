package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a target hands to an agent that it invites: one word that says where to go, whom to believe,
 * and how to prove that one was invited. A secret until it is used.
 *
 * @param addresses where the target listens, to be tried in order; 1 to {@value #ADDRESSES_MAX}
 * @param authority the key of the authority that the target must show
 * @param expiresAt in whole seconds
 */
public record Token(
    List<Address> addresses, KeyHash authority, TokenId id, TokenSecret secret, Instant expiresAt) {
  public static final int ADDRESSES_MAX = 8;

  public Token {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > ADDRESSES_MAX) {
      throw new IllegalArgumentException(
          "a token has 1 to %d addresses, not %d".formatted(ADDRESSES_MAX, addresses.size()));
    }
    expiresAt = Instant.ofEpochSecond(expiresAt.getEpochSecond());
  }

  /**
   * Reads a token as somebody pasted it; blanks and line breaks don't matter.
   *
   * @throws RefusedException with a reason of its own each if it was cut, mistyped, is of another
   *     version, or has expired
   */
  public static Token parse(String text, Instant now) throws RefusedException {
    Token token = TokenText.read(text);
    if (now.isAfter(token.expiresAt)) {
      throw new RefusedException(
          Reason.TOKEN_EXPIRED,
          "the token expired at %s, and here it is %s"
              .formatted(token.expiresAt, now.truncatedTo(ChronoUnit.SECONDS)),
          "print a new one on the target with target invite, or correct this host's clock");
    }
    return token;
  }

  /** The word that people carry: {@code dl1.} and characters that no shell minds. Secret. */
  public String text() {
    return TokenText.write(this);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "token %s for %s".formatted(id, addresses);
  }
}
