package io.driftless.protocol.identity;

import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates that our authority would never issue. */
final class TestCertificates {
  private TestCertificates() {}

  private record Issuer(X509Certificate certificate, PrivateKey key) {}

  /** As the authority issues them, but good for one side of a connection only. */
  static Identity withPurpose(
      Authority authority, KeyPurposeId purpose, Subject subject, InstantSource clock)
      throws Exception {
    AgentKey key = AgentKey.generate(new SecureRandom());
    Issuer issuer = new Issuer(authority.certificate(), authority.signingKey());
    X509Certificate leaf = leaf(issuer, key.publicKey(), purpose, subject, clock.instant());
    return new Identity(key, leaf, authority.certificate());
  }

  /** A leaf for an agent's own key, signed by that agent. */
  static X509Certificate signedBy(
      Identity agent, KeyPurposeId purpose, Subject subject, InstantSource clock) throws Exception {
    Issuer issuer = new Issuer(agent.leaf(), agent.key().privateKey());
    return leaf(issuer, agent.key().publicKey(), purpose, subject, clock.instant());
  }

  private static X509Certificate leaf(
      Issuer issuer, PublicKey key, KeyPurposeId purpose, Subject subject, Instant now)
      throws Exception {
    byte[] issuerName = issuer.certificate().getSubjectX500Principal().getEncoded();
    var builder =
        new X509v3CertificateBuilder(
            X500Name.getInstance(issuerName),
            BigInteger.TEN,
            Date.from(now.minus(Duration.ofMinutes(10))),
            Date.from(now.plus(Duration.ofDays(7))),
            Subject.commonName(subject.name()),
            SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
    builder.addExtension(Extension.subjectAlternativeName, true, subject.alternativeNames());
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.key());
    return Certificates.parse(builder.build(signer).getEncoded());
  }
}
