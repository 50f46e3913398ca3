package io.driftless.protocol.identity;

/** Whether a peer may stay. */
public sealed interface Admission {
  /** It may do what its rights allow. */
  record Admitted(RegisteredAgent agent) implements Admission {}

  /** It may ask for a new certificate, and nothing else: the one that it has is over. */
  record RenewalOnly(RegisteredAgent agent) implements Admission {}

  /** Tell it why, and close the connection. */
  record Refused(Refusal refusal) implements Admission {}
}
