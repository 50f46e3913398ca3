package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/** A request for a certificate (PKCS #10): a public key, a wished name, signed with that key. */
public final class SigningRequest {
  public static final int DER_BYTES_MAX = 4 << 10;
  static final String SIGNATURE = "SHA256withECDSA";

  private final byte[] der;
  private final PublicKey publicKey;
  private final AgentName name;

  private SigningRequest(byte[] der, PublicKey publicKey, AgentName name) {
    this.der = der;
    this.publicKey = publicKey;
    this.name = name;
  }

  public static SigningRequest make(AgentKey key, AgentName name) {
    try {
      byte[] der =
          new JcaPKCS10CertificationRequestBuilder(Subject.commonName(name), key.publicKey())
              .build(new JcaContentSignerBuilder(SIGNATURE).build(key.privateKey()))
              .getEncoded();
      return new SigningRequest(der, key.publicKey(), name);
    } catch (OperatorException | IOException e) {
      throw new IllegalStateException("signing with a fresh P-256 key", e);
    }
  }

  /**
   * Parses and verifies a request in DER, as a peer sent it.
   *
   * @throws RefusedException if it is none of ours, not on P-256, or its signature is wrong
   */
  public static SigningRequest parse(byte[] der) throws RefusedException {
    if (der.length > DER_BYTES_MAX) {
      throw bad("it has " + der.length + " bytes", null);
    }
    try {
      var request = new JcaPKCS10CertificationRequest(der.clone());
      PublicKey key = request.getPublicKey();
      if (!Certificates.isP256(key)) {
        throw bad("its key is not on P-256", null);
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw bad("its signature is wrong", null);
      }
      return new SigningRequest(
          der.clone(), key, Subject.nameIn(new X500Principal(request.getSubject().getEncoded())));
    } catch (IOException
        | GeneralSecurityException
        | OperatorException
        | PKCSException
        | RuntimeException e) {
      // Bouncy Castle throws various unchecked exceptions on bytes that are no ASN.1.
      throw e instanceof RefusedException refused ? refused : bad("it can't be parsed", e);
    }
  }

  public byte[] der() {
    return der.clone();
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  public KeyHash keyHash() {
    return KeyHash.of(publicKey);
  }

  /** The name that the agent would like to have. */
  public AgentName name() {
    return name;
  }

  private static RefusedException bad(String why, @Nullable Exception cause) {
    Refusal refusal =
        new Refusal(
            Reason.REQUEST_BAD,
            "the request for a certificate isn't acceptable: " + why,
            "use the same version of driftless on both hosts");
    return cause == null ? new RefusedException(refusal) : new RefusedException(refusal, cause);
  }
}
