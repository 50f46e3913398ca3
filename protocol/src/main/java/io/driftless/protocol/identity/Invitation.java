package io.driftless.protocol.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a target remembers of a token that it printed.
 *
 * @param proofKey verifies proofs; see {@link TokenSecret#proofKey}
 * @param agent the name that the agent gets, or null if it may choose; an agent that has this name
 *     already is replaced
 * @param rights what the agent may do
 * @param wrongProofs how often somebody who didn't know the secret tried
 * @param usedAt when an agent enrolled with it
 */
public record Invitation(
    TokenId id,
    Word256 proofKey,
    Instant expiresAt,
    @Nullable AgentName agent,
    Rights rights,
    int wrongProofs,
    @Nullable Instant usedAt) {

  static final Ledger.Format<Invitation> FORMAT =
      new Ledger.Format<>("driftless-invitations 1", Invitation::read, Invitation::line);

  Invitation guessed() {
    return new Invitation(id, proofKey, expiresAt, agent, rights, wrongProofs + 1, usedAt);
  }

  Invitation used(Instant now) {
    return new Invitation(id, proofKey, expiresAt, agent, rights, wrongProofs, now);
  }

  private static Invitation read(FieldLine line) {
    return new Invitation(
        TokenId.parse(line.text("id")),
        Word256.parse(line.text("proof-key")),
        line.instant("expires"),
        line.optional("agent", AgentName::new),
        Rights.parse(line.text("rights")),
        Integer.parseInt(line.text("wrong-proofs")),
        line.optional("used", Instant::parse));
  }

  private FieldLine line() {
    return new FieldLine()
        .with("id", id)
        .with("proof-key", proofKey)
        .with("expires", expiresAt)
        .with("agent", agent)
        .with("rights", rights)
        .with("wrong-proofs", wrongProofs)
        .with("used", usedAt);
  }

  /** Without the proof key. */
  @Override
  public String toString() {
    return "invitation %s until %s".formatted(id, expiresAt);
  }
}
