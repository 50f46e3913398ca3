package io.driftless.protocol.identity;

import java.security.cert.X509Certificate;

/**
 * What a target answers to an agent that it has enrolled or whose certificate it has renewed.
 *
 * @param leaf the new certificate
 * @param authority the certificate that the leaf was signed with
 * @param agent the agent as it is on the list now
 */
public record Enrolled(X509Certificate leaf, X509Certificate authority, RegisteredAgent agent) {}
