package io.driftless.protocol.wire.codec;

import static io.driftless.protocol.message.EnrolmentMessage.MAX_DER_BYTES;

import io.driftless.protocol.message.EnrolmentMessage;
import io.driftless.protocol.message.EnrolmentMessage.Challenge;
import io.driftless.protocol.message.EnrolmentMessage.Enrol;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.NotIssued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.VolumeMessage;

/**
 * Payloads of enrolment; every field of bytes begins with its length.
 *
 * <pre>
 * Challenge  nonce
 * Enrol      tokenId | proof | signingRequest | count | { volume }*
 * Issued     leaf | authority
 * Renew      signingRequest
 * NotIssued  slug text | message text | hint text
 * </pre>
 */
final class EnrolmentCodec {
  /** Of nonces, ids and proofs. */
  private static final int TOKEN_BYTES_MAX = 64;

  private EnrolmentCodec() {}

  static void encode(EnrolmentMessage message, PayloadWriter out) {
    switch (message) {
      case Challenge(var nonce) -> out.bytes(nonce, TOKEN_BYTES_MAX);
      case Enrol enrol -> encode(enrol, out);
      case Issued(var leaf, var authority) ->
          out.bytes(leaf, MAX_DER_BYTES).bytes(authority, MAX_DER_BYTES);
      case NotIssued(var slug, var text, var hint) -> out.text(slug).text(text).text(hint);
      case Renew(var request) -> out.bytes(request, MAX_DER_BYTES);
    }
  }

  private static void encode(Enrol enrol, PayloadWriter out) {
    out.bytes(enrol.tokenId(), TOKEN_BYTES_MAX)
        .bytes(enrol.proof(), TOKEN_BYTES_MAX)
        .bytes(enrol.signingRequest(), MAX_DER_BYTES)
        .count(enrol.volumes().size(), Enrol.VOLUMES_MAX);
    enrol.volumes().forEach(volume -> out.word(volume, VolumeMessage.MAX_NAME_BYTES));
  }

  static EnrolmentMessage decode(MessageType type, PayloadReader in) {
    return switch (type) {
      case CHALLENGE -> new Challenge(in.bytes(TOKEN_BYTES_MAX));
      case ENROL ->
          new Enrol(
              in.bytes(TOKEN_BYTES_MAX),
              in.bytes(TOKEN_BYTES_MAX),
              in.bytes(MAX_DER_BYTES),
              in.list(Enrol.VOLUMES_MAX, 1, () -> in.word(VolumeMessage.MAX_NAME_BYTES)));
      case ISSUED -> new Issued(in.bytes(MAX_DER_BYTES), in.bytes(MAX_DER_BYTES));
      case NOT_ISSUED -> new NotIssued(in.text(), in.text(), in.text());
      case RENEW -> new Renew(in.bytes(MAX_DER_BYTES));
      default -> throw MessageCodec.notOfThisFamily(type);
    };
  }
}
