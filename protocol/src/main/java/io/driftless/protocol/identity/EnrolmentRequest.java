package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a joining agent asks with.
 *
 * @param token which invitation it means
 * @param request the key that it made, and the name that it would like
 * @param proof that it knows the token's secret
 * @param volumes which volumes it wants to bring as their source; asks, and grants nothing
 */
public record EnrolmentRequest(
    TokenId token, SigningRequest request, Word256 proof, List<VolumeName> volumes) {
  public EnrolmentRequest {
    volumes = List.copyOf(volumes);
  }

  /*
   * The proof is HMAC-SHA256, with the key derived from the secret, of: a context, the token's id,
   * the hashes of the authority's and the server's keys, the nonce, and the SHA-256 of the whole
   * request in DER. All parts have a fixed length. So a proof that was seen by somebody is of no
   * use for another key, another target or another connection. (RFC 9266 channel bindings would
   * say the same, but tcnative has no exporter.)
   */
  private static final byte[] CONTEXT = "driftless enrolment 1".getBytes(US_ASCII);

  static EnrolmentRequest make(
      Token token, SigningRequest request, List<VolumeName> volumes, EnrolmentBinding binding) {
    Word256 proof = token.secret().proofKey().hmac(message(token.id(), request, binding));
    return new EnrolmentRequest(token.id(), request, proof, volumes);
  }

  boolean isProvedBy(Word256 proofKey, EnrolmentBinding binding) {
    return proofKey.hmac(message(token, request, binding)).equalsInConstantTime(proof);
  }

  private static byte[] message(TokenId token, SigningRequest request, EnrolmentBinding binding) {
    ByteBuffer message =
        ByteBuffer.allocate(CONTEXT.length + Long.BYTES + 4 * Word256.BYTES)
            .put(CONTEXT)
            .putLong(token.bits());
    binding.authority().hash().write(message);
    binding.server().hash().write(message);
    binding.nonce().write(message);
    Word256.sha256(request.der()).write(message);
    return message.array();
  }
}
