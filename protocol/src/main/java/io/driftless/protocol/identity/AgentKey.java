package io.driftless.protocol.identity;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;

/** A key pair on P-256. The private half never leaves the host that it was made on. */
public final class AgentKey {
  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private AgentKey(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  public static AgentKey generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      return new AgentKey(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /**
   * A key from its halves.
   *
   * @throws InvalidKeyException if they don't belong together
   */
  static AgentKey of(PrivateKey privateKey, PublicKey publicKey) throws InvalidKeyException {
    AgentKey key = new AgentKey(privateKey, publicKey);
    if (!Certificates.isP256(publicKey) || !key.verifiesItsOwnSignature()) {
      throw new InvalidKeyException("private and public key don't belong together");
    }
    return key;
  }

  private boolean verifiesItsOwnSignature() throws InvalidKeyException {
    try {
      byte[] message = publicKey.getEncoded();
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(privateKey);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(message);
      return signature.verify(signed);
    } catch (SignatureException e) {
      return false;
    } catch (InvalidKeyException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA256withECDSA", e);
    }
  }

  PrivateKey privateKey() {
    return privateKey;
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  public KeyHash hash() {
    return KeyHash.of(publicKey);
  }
}
