package io.driftless.protocol.identity;

import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

/** X.509 certificates from and to bytes. */
public final class Certificates {
  static final int DER_BYTES_MAX = 8 << 10;

  /** How every key on P-256 begins in DER: id-ecPublicKey, secp256r1, uncompressed. */
  private static final byte[] P256_PREFIX =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

  private static final int P256_BYTES = 91;

  private Certificates() {}

  /**
   * Parses one certificate in DER.
   *
   * @throws CertificateException if it is none, is longer than any of ours, or has bytes after it
   */
  public static X509Certificate parse(byte[] der) throws CertificateException {
    if (der.length > DER_BYTES_MAX) {
      throw new CertificateException("a certificate of " + der.length + " bytes is none of ours");
    }
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    X509Certificate certificate =
        (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    if (certificate == null || in.available() > 0) {
      throw new CertificateException("not exactly one certificate");
    }
    return certificate;
  }

  public static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was parsed has an encoding", e);
    }
  }

  /** Tells whether a key is one on P-256, the only curve in use, with its point in full. */
  static boolean isP256(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return encoded.length == P256_BYTES
        && Arrays.equals(encoded, 0, P256_PREFIX.length, P256_PREFIX, 0, P256_PREFIX.length);
  }
}
