package io.driftless.protocol.wire;

import io.driftless.protocol.identity.Admission;
import io.driftless.protocol.identity.PeerIdentity;

/**
 * Decides whether a peer that TLS has accepted may stay: {@code AgentRegistry::admit}. Asked after
 * each handshake, on event loops, so it must not block.
 */
@FunctionalInterface
public interface Gatekeeper {
  Admission admit(PeerIdentity peer);
}
