package io.driftless.protocol.identity;

import java.security.PublicKey;

/** SHA-256 of a public key in its standard form (SubjectPublicKeyInfo): names a key for good. */
public record KeyHash(Word256 hash) {
  public static KeyHash of(PublicKey key) {
    return new KeyHash(Word256.sha256(key.getEncoded()));
  }

  static KeyHash parse(String hex) {
    return new KeyHash(Word256.parse(hex));
  }

  @Override
  public String toString() {
    return hash.toString();
  }
}
