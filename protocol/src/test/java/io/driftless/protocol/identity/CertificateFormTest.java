package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write by hand, judged by Bouncy Castle. */
final class CertificateFormTest {
  private final SecureRandom random = new SecureRandom();
  private final Authority authority = Authority.create(random, InstantSource.system());

  @Test
  void an_independent_reader_finds_strict_der_and_right_signatures() throws Exception {
    Subject subject = new Subject(new AgentId(1, 2), new AgentName("web1.example"), Role.SOURCE);
    X509CertificateHolder leaf =
        new JcaX509CertificateHolder(authority.newIdentity(subject).leaf());
    X509CertificateHolder issuer = new JcaX509CertificateHolder(authority.certificate());
    var verifier = new JcaContentVerifierProviderBuilder().build(authority.certificate());
    assertThat(leaf.isSignatureValid(verifier)).isTrue();
    assertThat(issuer.isSignatureValid(verifier)).isTrue();
    assertThat(leaf.toASN1Structure().getEncoded("DER")).isEqualTo(leaf.getEncoded());
    assertThat(issuer.toASN1Structure().getEncoded("DER")).isEqualTo(issuer.getEncoded());
    assertThat(leaf.getIssuer()).isEqualTo(issuer.getSubject());
    assertThat(leaf.getVersionNumber()).isEqualTo(3);
    assertThat(leaf.getNonCriticalExtensionOIDs()).hasSize(2);
    assertThat(
            GeneralNames.fromExtensions(leaf.getExtensions(), Extension.subjectAlternativeName)
                .getNames())
        .extracting(name -> name.getName().toString())
        .containsExactly(
            "driftless:agent:00000000000000010000000000000002", "driftless:role:source");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.840.10045.4.3.2", "2.5.29.37", "1.3.6.1.4.1.2147483647.128.127"})
  void identifiers_are_as_bouncy_castle_writes_them(String oid) throws Exception {
    assertThat(Der.oid(oid)).isEqualTo(new ASN1ObjectIdentifier(oid).getEncoded("DER"));
  }

  @Test
  void times_and_lengths_are_as_they_should_be() throws Exception {
    assertThat(Der.time(Instant.parse("2026-11-01T12:34:56Z")))
        .isEqualTo(new DERUTCTime("261101123456Z").getEncoded("DER"));
    assertThat(hex(Der.time(Instant.parse("2050-01-01T00:00:00Z"))))
        .isEqualTo("180f" + hex("20500101000000Z".getBytes(US_ASCII)));
    assertThat(hex(Der.octets(new byte[127]))).startsWith("047f00");
    assertThat(hex(Der.octets(new byte[128]))).startsWith("04818000");
    assertThat(hex(Der.octets(new byte[255]))).startsWith("0481ff00");
    assertThat(hex(Der.octets(new byte[256]))).startsWith("0482010000");
    assertThat(hex(Der.integer(BigInteger.valueOf(128)))).isEqualTo("02020080");
    assertThat(hex(Der.namedBit(0))).isEqualTo("03020780");
    assertThat(hex(Der.namedBit(5))).isEqualTo("03020204");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
