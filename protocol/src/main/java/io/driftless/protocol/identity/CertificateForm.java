package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate (RFC 5280) as it is filled in, until it is signed. Confined to one thread.
 *
 * <p>Written without Bouncy Castle: to verify the signature on its jar takes longer than all of the
 * rest of an agent's start. What is written is parsed by the JDK before anybody gets it.
 */
final class CertificateForm {
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String SUBJECT_KEY_ID = "2.5.29.14";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAME = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String AUTHORITY_KEY_ID = "2.5.29.35";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int CERTIFICATE_SIGNING = 5;
  private static final int URI = 0x86;
  private static final int KEY_ID = 0x80;
  private static final int EXPLICIT_0 = 0xA0;
  private static final int EXPLICIT_3 = 0xA3;
  private static final int KEY_ID_BYTES = 20;

  /** Whom a certificate is about, and by whom. */
  record Names(X500Principal issuer, X500Principal subject) {}

  /** When it is good. */
  record Validity(Instant from, Instant until) {}

  private final Names names;
  private final Validity validity;
  private final PublicKey key;
  private final List<byte[]> extensions = new ArrayList<>();

  CertificateForm(Names names, Validity validity, PublicKey key) {
    this.names = names;
    this.validity = validity;
    this.key = key;
    plain(SUBJECT_KEY_ID, Der.octets(keyId(key)));
  }

  /** For an authority that signs agents only, no other authorities. */
  CertificateForm forAuthority() {
    critical(BASIC_CONSTRAINTS, Der.sequence(Der.yes(), Der.integer(BigInteger.ZERO)));
    critical(KEY_USAGE, Der.namedBit(CERTIFICATE_SIGNING));
    return this;
  }

  /** For an agent, with the URIs that it is known by and what it may use the certificate for. */
  CertificateForm forAgent(List<String> uris, List<String> purposes) {
    critical(BASIC_CONSTRAINTS, Der.sequence());
    critical(KEY_USAGE, Der.namedBit(DIGITAL_SIGNATURE));
    critical(EXTENDED_KEY_USAGE, Der.sequence(each(purposes.stream().map(Der::oid).toList())));
    critical(
        ALTERNATIVE_NAME,
        Der.sequence(
            each(uris.stream().map(uri -> Der.tagged(URI, uri.getBytes(US_ASCII))).toList())));
    return this;
  }

  /** Signs it, with a random serial number. */
  X509Certificate signedBy(AgentKey issuer, SecureRandom random) throws GeneralSecurityException {
    plain(AUTHORITY_KEY_ID, Der.sequence(Der.tagged(KEY_ID, keyId(issuer.publicKey()))));
    byte[] content = content(new BigInteger(126, random).setBit(126));
    Signature signature = Signature.getInstance(SigningRequest.SIGNATURE);
    signature.initSign(issuer.privateKey(), random);
    signature.update(content);
    return Certificates.parse(Der.sequence(content, algorithm(), Der.bits(signature.sign())));
  }

  private byte[] content(BigInteger serial) {
    return Der.sequence(
        Der.tagged(EXPLICIT_0, Der.integer(BigInteger.TWO)), // which means version 3
        Der.integer(serial),
        algorithm(),
        names.issuer().getEncoded(),
        Der.sequence(Der.time(validity.from()), Der.time(validity.until())),
        names.subject().getEncoded(),
        key.getEncoded(),
        Der.tagged(EXPLICIT_3, Der.sequence(each(extensions))));
  }

  private static byte[] algorithm() {
    return Der.sequence(Der.oid(ECDSA_WITH_SHA256));
  }

  private void critical(String oid, byte[] value) {
    extensions.add(Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value)));
  }

  private void plain(String oid, byte[] value) {
    extensions.add(Der.sequence(Der.oid(oid), Der.octets(value)));
  }

  /** The beginning of a hash over the key, by which the two certificates refer to each other. */
  private static byte[] keyId(PublicKey key) {
    return Arrays.copyOf(KeyHash.of(key).hash().toBytes(), KEY_ID_BYTES);
  }

  private static byte[][] each(List<byte[]> parts) {
    return parts.toArray(byte[][]::new);
  }
}
