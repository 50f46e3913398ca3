package io.driftless.target.agent;

import io.driftless.protocol.wire.SessionEnd;

/** Why a source may not write to a volume now: told to the source, and kept in the audit trail. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final String slug;
  private final String hint;

  Refusal(String slug, String message, String hint) {
    super(message, null, false, false);
    this.slug = slug;
    this.hint = hint;
  }

  String slug() {
    return slug;
  }

  String hint() {
    return hint;
  }

  SessionEnd asEnd() {
    return new SessionEnd(SessionEnd.Cause.CLOSED_HERE, slug, String.valueOf(getMessage()), hint);
  }
}
