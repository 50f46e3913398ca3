package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

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
    X500Name name =
        Subject.commonName(
            new AgentName("driftless-authority-" + key.hash().toString().substring(0, 16)));
    Validity validity = Validity.from(clock.instant(), AUTHORITY_LIFE);
    try {
      X509v3CertificateBuilder builder = builder(name, name, key.publicKey(), validity, random);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return new Authority(key, sign(builder, key, random), random, clock);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
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

  PrivateKey signingKey() {
    return key.privateKey();
  }

  /** Makes a key and a certificate for an agent of this host. */
  public Identity newIdentity(Subject subject) {
    AgentKey fresh = AgentKey.generate(random);
    return new Identity(fresh, issue(fresh.publicKey(), subject), certificate);
  }

  /** Issues a leaf for a key whose possession has been proved, to a subject that was admitted. */
  X509Certificate issue(PublicKey publicKey, Subject subject) {
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    Validity validity = Validity.from(clock.instant(), LEAF_LIFE);
    try {
      X509v3CertificateBuilder builder =
          builder(issuer, Subject.commonName(subject.name()), publicKey, validity, random);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          true,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth}));
      builder.addExtension(Extension.subjectAlternativeName, true, subject.alternativeNames());
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(key.publicKey()));
      return sign(builder, key, random);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("issuing a certificate for a checked P-256 key", e);
    }
  }

  private record Validity(Instant from, Instant until) {
    static Validity from(Instant now, Duration life) {
      return new Validity(now.minus(BACKDATED), now.plus(life));
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Validity validity, SecureRandom random)
      throws IOException, GeneralSecurityException {
    var builder =
        new X509v3CertificateBuilder(
            issuer,
            new BigInteger(126, random).setBit(126),
            Date.from(validity.from()),
            Date.from(validity.until()),
            subject,
            SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    return builder;
  }

  private static X509Certificate sign(
      X509v3CertificateBuilder builder, AgentKey key, SecureRandom random)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var signer =
        new JcaContentSignerBuilder(SigningRequest.SIGNATURE)
            .setSecureRandom(random)
            .build(key.privateKey());
    return Certificates.parse(builder.build(signer).getEncoded());
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
