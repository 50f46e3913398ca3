package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.protocol.identity.Refusal.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/** Keys, certificates and requests as they stand in files: PEM blocks in order. */
final class Pem {
  static final String KEY = "PRIVATE KEY";
  static final String CERTIFICATE = "CERTIFICATE";
  static final String REQUEST = "CERTIFICATE REQUEST";

  private final String where;
  private final List<PemObject> blocks;

  private Pem(String where, List<PemObject> blocks) {
    this.where = where;
    this.blocks = blocks;
  }

  static Pem parse(String where, byte[] content) throws IOException {
    List<PemObject> blocks = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(new String(content, US_ASCII)))) {
      for (PemObject block = reader.readPemObject();
          block != null;
          block = reader.readPemObject()) {
        blocks.add(block);
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw damaged(where, e);
    }
    return new Pem(where, blocks);
  }

  static byte[] of(PemObject... blocks) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      for (PemObject block : blocks) {
        writer.writeObject(block);
      }
    }
    return text.toString().getBytes(US_ASCII);
  }

  static PemObject block(PrivateKey key) {
    return new PemObject(KEY, key.getEncoded());
  }

  static PemObject block(X509Certificate certificate) {
    return new PemObject(CERTIFICATE, Certificates.encoded(certificate));
  }

  static PemObject block(SigningRequest request) {
    return new PemObject(REQUEST, request.der());
  }

  PrivateKey privateKey(int index) throws IOException {
    try {
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(content(index, KEY)));
    } catch (GeneralSecurityException e) {
      throw damaged(where, e);
    }
  }

  X509Certificate certificate(int index) throws IOException {
    try {
      return Certificates.parse(content(index, CERTIFICATE));
    } catch (GeneralSecurityException e) {
      throw damaged(where, e);
    }
  }

  SigningRequest request(int index) throws IOException {
    return SigningRequest.parse(content(index, REQUEST));
  }

  private byte[] content(int index, String type) throws RefusedException {
    if (index >= blocks.size() || !blocks.get(index).getType().equals(type)) {
      throw damaged(where, null);
    }
    return blocks.get(index).getContent();
  }

  private static RefusedException damaged(String where, @Nullable Exception cause) {
    Refusal refusal =
        new Refusal(
            Reason.IDENTITY_DAMAGED,
            where + " can't be read",
            "restore it from a backup, or set the agent up anew");
    return cause == null ? new RefusedException(refusal) : new RefusedException(refusal, cause);
  }

  static RefusedException mismatched(String where, String what) {
    return new RefusedException(
        Reason.IDENTITY_DAMAGED,
        "%s: %s".formatted(where, what),
        "restore it from a backup, or set the agent up anew");
  }
}
