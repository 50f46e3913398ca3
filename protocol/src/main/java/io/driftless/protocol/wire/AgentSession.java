package io.driftless.protocol.wire;

import io.driftless.protocol.identity.PeerIdentity;

/** A session of which TLS has proved who is at the other end. */
public interface AgentSession extends Session {
  /** The peer as its control lane first showed it. */
  PeerIdentity peer();
}
