package io.driftless.protocol.identity;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Identities for two agents in one process, in memory only: nobody else can ever have them.
 *
 * @param source dials
 * @param target listens
 * @param registry has the source on it, and nobody else
 */
public record EphemeralPair(Identity source, Identity target, AgentRegistry registry) {
  public static EphemeralPair create(Rights rights, SecureRandom random, InstantSource clock) {
    Authority authority = Authority.create(random, clock);
    Identity source =
        authority.newIdentity(
            new Subject(AgentId.random(random), new AgentName("source"), Role.SOURCE));
    Identity target =
        authority.newIdentity(
            new Subject(AgentId.random(random), new AgentName("target"), Role.TARGET));
    AgentRegistry registry = AgentRegistry.inMemory(clock);
    try {
      registry.add(
          RegisteredAgent.enrolled(
              source.id(), source.name(), source.keyHash(), rights, clock.instant()));
    } catch (IOException e) {
      throw new IllegalStateException("an empty list in memory takes an agent", e);
    }
    return new EphemeralPair(source, target, registry);
  }
}
