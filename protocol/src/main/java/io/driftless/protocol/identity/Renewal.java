package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The renewal of an agent's certificate, with a new key, in steps that may break anywhere.
 *
 * <p>The new key is stored before the target hears of it. If the answer is lost, the next attempt
 * asks again with the same key, and meanwhile the old identity stays good. Methods block.
 */
public final class Renewal {
  private static final String PENDING = "pending.pem";

  private final PrivateDirectory directory;
  private final Identity current;
  private final AgentKey key;
  private final SigningRequest request;
  private final InstantSource clock;

  private Renewal(
      PrivateDirectory directory,
      Identity current,
      AgentKey key,
      SigningRequest request,
      InstantSource clock) {
    this.directory = directory;
    this.current = current;
    this.key = key;
    this.request = request;
    this.clock = clock;
  }

  /** Begins the renewal of the identity in a directory, or takes up one that broke. */
  public static Renewal begin(
      PrivateDirectory directory, Identity current, SecureRandom random, InstantSource clock)
      throws IOException {
    Optional<byte[]> pending = directory.read(PENDING);
    if (pending.isPresent()) {
      Renewal broken = resume(directory, current, pending.get(), clock);
      // What is left after the last step is the key that is in use by now.
      if (!broken.key.hash().equals(current.keyHash())) {
        return broken;
      }
    }
    AgentKey key = AgentKey.generate(random);
    SigningRequest request = SigningRequest.make(key, current.name());
    directory.write(PENDING, Pem.of(Pem.block(key.privateKey()), Pem.block(request)));
    return new Renewal(directory, current, key, request, clock);
  }

  private static Renewal resume(
      PrivateDirectory directory, Identity current, byte[] pending, InstantSource clock)
      throws IOException {
    String where = directory.path().resolve(PENDING).toString();
    Pem pem = Pem.parse(where, pending);
    SigningRequest request = pem.request(1);
    try {
      AgentKey key = AgentKey.of(pem.privateKey(0), request.publicKey());
      return new Renewal(directory, current, key, request, clock);
    } catch (InvalidKeyException e) {
      throw Pem.mismatched(where, "key and request don't belong together");
    }
  }

  /** What to send to the target. */
  public SigningRequest request() {
    return request;
  }

  /**
   * Puts the new certificate and its key in place of the old ones, durably, and returns them.
   *
   * @throws RefusedException if the certificate isn't for the new key and this agent; the old
   *     identity stays
   */
  public Identity complete(X509Certificate leaf) throws IOException {
    new ChainCheck(current.authorityHash(), Role.SOURCE, ChainCheck.Expired.REFUSED, clock)
        .check(new X509Certificate[] {leaf, current.authority()}, Authority.CLIENT_AUTH);
    if (!KeyHash.of(leaf.getPublicKey()).equals(key.hash())
        || !Subject.of(leaf).id().equals(current.id())) {
      throw new RefusedException(
          Reason.CERTIFICATE_REFUSED,
          "the target sent a certificate for another key or agent",
          "use the same version of driftless on both hosts");
    }
    Identity renewed = new Identity(key, leaf, current.authority());
    renewed.store(directory);
    directory.delete(PENDING);
    return renewed;
  }
}
