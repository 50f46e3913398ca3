package io.driftless.protocol.wire;

/**
 * Why a session or a conversation ended.
 *
 * @param cause who or what ended it
 * @param slug short and stable, for programs
 * @param message one line: what, where
 * @param hint one line: what to do next, may be empty
 */
public record SessionEnd(Cause cause, String slug, String message, String hint) {
  /** The slug of an agent that ends everything because it stops, perhaps to start again. */
  public static final String STOPPING = "stopping";

  /** The slug of a conversation that ends because its pass has. */
  public static final String PASS_ENDED = "pass-ended";

  /** Tells whether trying again may help. */
  public boolean mayComeBack() {
    return cause == Cause.BROKEN || slug.equals(STOPPING);
  }

  public enum Cause {
    /** This side closed in good order. */
    CLOSED_HERE,
    /** The peer closed or refused, and said why. */
    PEER,
    /** The connection broke or fell silent; trying again may help. */
    BROKEN,
    /** The peer broke the protocol. */
    VIOLATION
  }
}
