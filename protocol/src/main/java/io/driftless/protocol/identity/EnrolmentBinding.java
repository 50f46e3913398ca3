package io.driftless.protocol.identity;

/**
 * What a proof is good for, and nothing else: one connection to one target.
 *
 * @param authority the key of the authority that the token named
 * @param server the key that the target used for TLS on this connection
 * @param nonce what the target chose for this connection
 */
public record EnrolmentBinding(KeyHash authority, KeyHash server, Word256 nonce) {}
