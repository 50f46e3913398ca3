package io.driftless.protocol.identity;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Why somebody isn't let in, for people and for programs.
 *
 * @param reason what sort of refusal, stable over versions
 * @param what what is wrong, and where
 * @param next what to do about it
 */
public record Refusal(Reason reason, String what, String next) {
  /** The closed list of reasons; the slug is part of the command line's contract. */
  public enum Reason {
    TOKEN_CUT("token-cut"),
    TOKEN_MISTYPED("token-mistyped"),
    TOKEN_VERSION("token-version"),
    TOKEN_EXPIRED("token-expired"),
    TOKEN_USED("token-used"),
    TOKEN_UNKNOWN("token-unknown"),
    TOKEN_PROOF("token-proof"),
    TOKEN_BURNT("token-burnt"),
    TOKENS_TOO_MANY("too-many-invitations"),
    NAME_TAKEN("name-taken"),
    REQUEST_BAD("bad-request"),
    OTHER_AUTHORITY("other-authority"),
    OTHER_PROTOCOL("other-protocol"),
    CERTIFICATE_MISSING("certificate-missing"),
    CERTIFICATE_REFUSED("certificate-refused"),
    CERTIFICATE_EARLY("certificate-not-yet-valid"),
    CERTIFICATE_EXPIRED("certificate-expired"),
    WRONG_ROLE("wrong-role"),
    AGENT_UNKNOWN("agent-unknown"),
    AGENT_REVOKED("agent-revoked"),
    AGENT_AMBIGUOUS("agent-ambiguous"),
    CLONED_IDENTITY("cloned-identity"),
    VOLUME_NOT_ALLOWED("volume-not-allowed"),
    IDENTITY_UNSAFE("identity-unsafe"),
    IDENTITY_MISSING("identity-missing"),
    IDENTITY_DAMAGED("identity-damaged"),
    IDENTITY_EXISTS("identity-exists"),
    IDENTITY_LOCKED("identity-locked");

    private final String slug;

    Reason(String slug) {
      this.slug = slug;
    }

    public String slug() {
      return slug;
    }

    /** The reason that a peer named, if this version knows it. */
    public static Optional<Reason> ofSlug(String slug) {
      for (Reason reason : values()) {
        if (reason.slug.equals(slug)) {
          return Optional.of(reason);
        }
      }
      return Optional.empty();
    }
  }

  public Refusal {
    requireNonNull(reason, "reason");
    requireNonNull(what, "what");
    requireNonNull(next, "next");
  }

  public String slug() {
    return reason.slug();
  }

  /** One line: {@code SLUG: what; next}. */
  @Override
  public String toString() {
    return "%s: %s; %s".formatted(slug(), what, next);
  }
}
