package io.driftless.protocol.message;

import io.driftless.protocol.tree.Bytes;
import java.util.List;

/** How an agent gets its certificate: once with a token, later again and again with the old one. */
public sealed interface EnrolmentMessage extends Message {
  int MAX_DER_BYTES = 16 * 1024;

  /** From the target, first on an enrolling connection: what the proof must cover. */
  record Challenge(Bytes nonce) implements EnrolmentMessage {}

  /**
   * From the agent that wants to join.
   *
   * @param proof over the request and the nonce, with the secret of the token
   * @param volumes names of the volumes that it wants to bring, checked against its rights
   */
  record Enrol(Bytes tokenId, Bytes proof, Bytes signingRequest, List<String> volumes)
      implements EnrolmentMessage {
    public static final int VOLUMES_MAX = 256;
  }

  /** The answer to {@link Enrol} and {@link Renew}: certificates in DER. */
  record Issued(Bytes leaf, Bytes authority) implements EnrolmentMessage {}

  /** The answer to {@link Renew} where nothing is issued; the session goes on. */
  record NotIssued(String slug, String message, String hint) implements EnrolmentMessage {}

  /** From an agent that is on the list, over its own authenticated connection. */
  record Renew(Bytes signingRequest) implements EnrolmentMessage {}
}
