package io.driftless.protocol.identity;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One agent on a target's list.
 *
 * @param key the key that it was given a certificate for last
 * @param previousKey the key before, as long as the agent hasn't shown the new one
 * @param lastSeen when it last connected, to within a minute
 * @param revokedAt when it lost everything; it stays on the list so that it is told why
 */
public record RegisteredAgent(
    AgentId id,
    AgentName name,
    KeyHash key,
    @Nullable KeyHash previousKey,
    Rights rights,
    Instant enrolledAt,
    @Nullable Instant lastSeen,
    @Nullable Instant revokedAt) {

  static final Ledger.Format<RegisteredAgent> FORMAT =
      new Ledger.Format<>("driftless-agents 1", RegisteredAgent::read, RegisteredAgent::line);

  public RegisteredAgent {
    requireNonNull(id, "id");
    requireNonNull(name, "name");
    requireNonNull(key, "key");
    requireNonNull(rights, "rights");
    requireNonNull(enrolledAt, "enrolledAt");
  }

  static RegisteredAgent enrolled(
      AgentId id, AgentName name, KeyHash key, Rights rights, Instant now) {
    return new RegisteredAgent(id, name, key, null, rights, now, null, null);
  }

  public boolean isRevoked() {
    return revokedAt != null;
  }

  RegisteredAgent renewed(KeyHash from, KeyHash to) {
    KeyHash before = from.equals(to) ? previousKey : from;
    return new RegisteredAgent(id, name, to, before, rights, enrolledAt, lastSeen, revokedAt);
  }

  RegisteredAgent seen(Instant now) {
    return new RegisteredAgent(id, name, key, previousKey, rights, enrolledAt, now, revokedAt);
  }

  RegisteredAgent handedOver() {
    return new RegisteredAgent(id, name, key, null, rights, enrolledAt, lastSeen, revokedAt);
  }

  RegisteredAgent revoked(Instant now) {
    return new RegisteredAgent(id, name, key, null, rights, enrolledAt, lastSeen, now);
  }

  RegisteredAgent with(Rights others) {
    return new RegisteredAgent(id, name, key, previousKey, others, enrolledAt, lastSeen, revokedAt);
  }

  private static RegisteredAgent read(FieldLine line) {
    return new RegisteredAgent(
        AgentId.parse(line.text("id")),
        new AgentName(line.text("name")),
        KeyHash.parse(line.text("key")),
        line.optional("previous-key", KeyHash::parse),
        Rights.parse(line.text("rights")),
        line.instant("enrolled"),
        line.optional("seen", Instant::parse),
        line.optional("revoked", Instant::parse));
  }

  private FieldLine line() {
    return new FieldLine()
        .with("id", id)
        .with("name", name)
        .with("key", key)
        .with("previous-key", previousKey)
        .with("rights", rights)
        .with("enrolled", enrolledAt)
        .with("seen", lastSeen)
        .with("revoked", revokedAt);
  }
}
