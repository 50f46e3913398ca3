package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * A target's own certificate authority. Nobody else is asked whether a certificate is good.
 *
 * <p>Immutable apart from its source of randomness; safe for concurrent use.
 */
public final class Authority {
  /** How long a leaf is good for; it is renewed at half of this. */
  public static final Duration LEAF_LIFE = Duration.ofDays(7);

  /** How far back a certificate begins, for hosts whose clocks are behind. */
  static final Duration BACKDATED = Duration.ofMinutes(10);

  /** Extended key usage: to dial, and to listen. */
  static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(20 * 365);
  private static final String KEY_FILE = "authority.key";
  private static final String CERTIFICATE_FILE = "authority.crt";

  private final AgentKey key;
  private final X509Certificate certificate;
  private final SecureRandom random;
  private final InstantSource clock;

  private Authority(
      AgentKey key, X509Certificate certificate, SecureRandom random, InstantSource clock) {
    this.key = key;
    this.certificate = certificate;
    this.random = random;
    this.clock = clock;
  }

  /** Makes a new authority, in memory only. */
  public static Authority create(SecureRandom random, InstantSource clock) {
    AgentKey key = AgentKey.generate(random);
    X500Principal name =
        Subject.commonName(
            new AgentName("driftless-authority-" + key.hash().toString().substring(0, 16)));
    try {
      X509Certificate certificate =
          new CertificateForm(
                  new CertificateForm.Names(name, name),
                  validity(clock.instant(), AUTHORITY_LIFE),
                  key.publicKey())
              .forAuthority()
              .signedBy(key, random);
      return new Authority(key, certificate, random, clock);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("making an authority with a fresh P-256 key", e);
    }
  }

  /**
   * Loads the authority that {@link #store} stored.
   *
   * @throws RefusedException if it isn't there, damaged, or others could have read its key
   */
  public static Authority load(PrivateDirectory directory, SecureRandom random, InstantSource clock)
      throws IOException {
    byte[] key = required(directory, KEY_FILE);
    byte[] certificate = required(directory, CERTIFICATE_FILE);
    String where = directory.path().resolve(KEY_FILE).toString();
    X509Certificate parsed = Pem.parse(where, certificate).certificate(0);
    try {
      AgentKey pair = AgentKey.of(Pem.parse(where, key).privateKey(0), parsed.getPublicKey());
      return new Authority(pair, parsed, random, clock);
    } catch (InvalidKeyException e) {
      throw Pem.mismatched(where, "it doesn't belong to " + CERTIFICATE_FILE);
    }
  }

  /**
   * Stores this authority for good.
   *
   * @throws RefusedException if there is one already, which would make every agent a stranger
   */
  public void store(PrivateDirectory directory) throws IOException {
    if (directory.has(KEY_FILE)) {
      throw new RefusedException(
          Reason.IDENTITY_EXISTS,
          "there is an authority already in " + directory.path(),
          "use it, or name another --home");
    }
    // The key comes last: a certificate without a key is a broken attempt that may be repeated.
    directory.write(CERTIFICATE_FILE, Pem.of(Pem.block(certificate)));
    directory.write(KEY_FILE, Pem.of(Pem.block(key.privateKey())));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** What tokens carry, and what agents check before they believe anything. */
  public KeyHash keyHash() {
    return key.hash();
  }

  AgentKey signingKey() {
    return key;
  }

  /** Makes a key and a certificate for an agent of this host. */
  public Identity newIdentity(Subject subject) {
    AgentKey fresh = AgentKey.generate(random);
    return new Identity(fresh, issue(fresh.publicKey(), subject), certificate);
  }

  /** Issues a leaf for a key whose possession has been proved, to a subject that was admitted. */
  X509Certificate issue(PublicKey publicKey, Subject subject) {
    var names =
        new CertificateForm.Names(
            certificate.getSubjectX500Principal(), Subject.commonName(subject.name()));
    try {
      return new CertificateForm(names, validity(clock.instant(), LEAF_LIFE), publicKey)
          .forAgent(subject.uris(), List.of(CLIENT_AUTH, SERVER_AUTH))
          .signedBy(key, random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("issuing a certificate for a checked P-256 key", e);
    }
  }

  private static CertificateForm.Validity validity(Instant now, Duration life) {
    return new CertificateForm.Validity(now.minus(BACKDATED), now.plus(life));
  }

  private static byte[] required(PrivateDirectory directory, String name) throws IOException {
    return directory
        .read(name)
        .orElseThrow(() ->
            new RefusedException(
                Reason.IDENTITY_MISSING,
                "there is no authority in %s: %s is missing".formatted(directory.path(), name),
                "create it with target init, or restore it from a backup"));
  }
}
