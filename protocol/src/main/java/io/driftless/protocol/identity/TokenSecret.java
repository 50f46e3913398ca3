package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** 128 secret bits: whoever has them is the one that was invited. Never written to a file. */
public record TokenSecret(long high, long low) {
  static final int BYTES = 16;
  private static final byte[] INFO = "driftless proof key 1".getBytes(US_ASCII);

  static TokenSecret random(SecureRandom random) {
    return new TokenSecret(random.nextLong(), random.nextLong());
  }

  /**
   * The key that proofs are made and verified with: HKDF-SHA256 of the secret.
   *
   * <p>This is what the target stores. To verify an HMAC its key is needed, so what is stored could
   * make proofs; but it is in the directory that also has the authority's key, and the token can't
   * be printed again from it.
   */
  Word256 proofKey() {
    byte[] secret = ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    try {
      var parameters = HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(INFO, Word256.BYTES);
      return Word256.of(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 25 has HKDF-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
