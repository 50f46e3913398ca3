package io.driftless.protocol.identity;

import io.driftless.protocol.identity.Refusal.Reason;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Tells whether a chain of certificates shows an agent of one authority, in one role.
 *
 * <p>A chain is exactly leaf and authority. The authority is known by the hash of its key alone, so
 * a joining agent, which has nothing but a token, checks the same as everybody else. No host name
 * takes part.
 */
final class ChainCheck {
  /** How long after its end a leaf may still be renewed, and nothing else. */
  static final Duration RENEWAL_GRACE = Duration.ofDays(30);

  /** What becomes of a leaf that has expired. */
  enum Expired {
    REFUSED,
    /** Let in for {@link #RENEWAL_GRACE}; the application sees to it that it only renews. */
    MAY_RENEW
  }

  private static final int DIGITAL_SIGNATURE = 0;
  private static final int CERTIFICATE_SIGNING = 5;

  private final KeyHash authority;
  private final Role role;
  private final Expired expired;
  private final InstantSource clock;

  ChainCheck(KeyHash authority, Role role, Expired expired, InstantSource clock) {
    this.authority = authority;
    this.role = role;
    this.expired = expired;
    this.clock = clock;
  }

  /**
   * Checks what a peer showed.
   *
   * @param purpose what the peer uses its leaf for in this connection
   */
  void check(X509Certificate[] chain, String purpose) throws RefusedException {
    if (chain.length != 2) {
      throw refused(
          "the peer showed %d certificates, not leaf and authority".formatted(chain.length));
    }
    X509Certificate leaf = chain[0];
    X509Certificate issuer = chain[1];
    requireAuthority(issuer);
    requireIssued(leaf, issuer);
    requirePurpose(leaf, purpose);
    requireRole(leaf);
    requireTimely(leaf, issuer);
  }

  private void requireAuthority(X509Certificate issuer) throws RefusedException {
    if (!KeyHash.of(issuer.getPublicKey()).equals(authority)) {
      throw new RefusedException(
          Reason.OTHER_AUTHORITY,
          "the peer's certificate is of another authority (%.16s..., expected %.16s...)"
              .formatted(KeyHash.of(issuer.getPublicKey()), authority),
          "check the address; after a new target init, invite the agent and let it join again");
    }
    boolean[] usage = issuer.getKeyUsage();
    boolean signs =
        usage != null && usage.length > CERTIFICATE_SIGNING && usage[CERTIFICATE_SIGNING];
    if (issuer.getBasicConstraints() < 0 || !signs) {
      throw refused("the second certificate is not one of an authority");
    }
    requireIssued(issuer, issuer);
  }

  /**
   * Checks that one certificate was signed by another, and is of a sort that this program issues.
   */
  static void requireIssued(X509Certificate certificate, X509Certificate issuer)
      throws RefusedException {
    try {
      certificate.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new RefusedException(
          refusal("the certificate was not signed by the authority beside it"), e);
    }
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
        || certificate.hasUnsupportedCriticalExtension()
        || !Certificates.isP256(certificate.getPublicKey())) {
      throw refused("the certificate is of another sort than driftless issues");
    }
  }

  private static void requirePurpose(X509Certificate leaf, String purpose) throws RefusedException {
    boolean[] usage = leaf.getKeyUsage();
    if (leaf.getBasicConstraints() >= 0 || usage == null || !usage[DIGITAL_SIGNATURE]) {
      throw refused("the first certificate is not one of an agent");
    }
    try {
      List<String> purposes = leaf.getExtendedKeyUsage();
      if (purposes == null || !purposes.contains(purpose)) {
        throw refused("the certificate may not be used on this side of a connection");
      }
    } catch (CertificateParsingException e) {
      throw new RefusedException(refusal("the certificate can't be parsed"), e);
    }
  }

  private void requireRole(X509Certificate leaf) throws RefusedException {
    Subject subject = Subject.of(leaf);
    if (subject.role() != role) {
      throw new RefusedException(
          Reason.WRONG_ROLE,
          "%s is a %s, but a %s is wanted here"
              .formatted(subject.name(), subject.role().word(), role.word()),
          "check the address");
    }
  }

  private void requireTimely(X509Certificate leaf, X509Certificate issuer) throws RefusedException {
    Instant now = clock.instant();
    for (X509Certificate certificate : List.of(leaf, issuer)) {
      Instant from = certificate.getNotBefore().toInstant();
      if (now.isBefore(from)) {
        throw new RefusedException(
            Reason.CERTIFICATE_EARLY,
            "the peer's certificate begins at %s, and here it is %s".formatted(from, now),
            "correct the clocks of both hosts");
      }
    }
    Instant until = leaf.getNotAfter().toInstant();
    Instant last = expired == Expired.MAY_RENEW ? until.plus(RENEWAL_GRACE) : until;
    if (now.isAfter(last) || now.isAfter(issuer.getNotAfter().toInstant())) {
      throw new RefusedException(
          Reason.CERTIFICATE_EXPIRED,
          "the peer's certificate ended at %s, and here it is %s".formatted(until, now),
          "correct the clocks if they are wrong; else invite the agent and let it join again");
    }
  }

  private static RefusedException refused(String what) {
    return new RefusedException(refusal(what));
  }

  private static Refusal refusal(String what) {
    return new Refusal(
        Reason.CERTIFICATE_REFUSED,
        what,
        "check the address; invite the agent and let it join again");
  }
}
