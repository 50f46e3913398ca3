/**
 * Who an agent is, how it becomes one, and what it may do.
 *
 * <p>Start at {@link io.driftless.protocol.identity.Authority}, the target's own certificate
 * authority, and {@link io.driftless.protocol.identity.Registrar}, which enrols and renews agents.
 * {@link io.driftless.protocol.identity.TlsContexts} turns an {@link
 * io.driftless.protocol.identity.Identity} into TLS 1.3; after every handshake {@link
 * io.driftless.protocol.identity.Peer} says who is there and {@link
 * io.driftless.protocol.identity.AgentRegistry} whether it may stay.
 *
 * <p>Two things are called role. The role in a certificate tells which sort of agent its bearer is:
 * a target listens and has an authority, a source dials. The roles in the registry tell, per
 * volume, which part an agent may play, so a move can be reversed without new certificates.
 *
 * <p>Values are immutable; registry, invitations and registrar may be shared between threads. What
 * reads or writes files blocks, says so, and doesn't belong on an event loop. This package opens no
 * socket and knows no frames.
 */
@NullMarked
package io.driftless.protocol.identity;

import org.jspecify.annotations.NullMarked;
