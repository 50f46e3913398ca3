package io.driftless.protocol.identity;

import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** Certificates that our authority would never issue. */
final class TestCertificates {
  private TestCertificates() {}

  private record Issuer(X500Principal name, AgentKey key) {}

  /** As the authority issues them, but good for one side of a connection only. */
  static Identity withPurpose(
      Authority authority, String purpose, Subject subject, InstantSource clock) throws Exception {
    AgentKey key = AgentKey.generate(new SecureRandom());
    Issuer issuer =
        new Issuer(authority.certificate().getSubjectX500Principal(), authority.signingKey());
    X509Certificate leaf = leaf(issuer, key.publicKey(), purpose, subject, clock.instant());
    return new Identity(key, leaf, authority.certificate());
  }

  /** A leaf for an agent's own key, signed by that agent. */
  static X509Certificate signedBy(
      Identity agent, String purpose, Subject subject, InstantSource clock) throws Exception {
    Issuer issuer = new Issuer(agent.leaf().getSubjectX500Principal(), agent.key());
    return leaf(issuer, agent.key().publicKey(), purpose, subject, clock.instant());
  }

  private static X509Certificate leaf(
      Issuer issuer, PublicKey key, String purpose, Subject subject, Instant now) throws Exception {
    var names = new CertificateForm.Names(issuer.name(), Subject.commonName(subject.name()));
    var validity =
        new CertificateForm.Validity(
            now.minus(Duration.ofMinutes(10)), now.plus(Duration.ofDays(7)));
    return new CertificateForm(names, validity, key)
        .forAgent(subject.uris(), List.of(purpose))
        .signedBy(issuer.key(), new SecureRandom());
  }
}
