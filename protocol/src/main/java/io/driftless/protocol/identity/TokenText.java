package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.driftless.protocol.identity.Refusal.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Tokens from and to text. */
final class TokenText {
  /*
   * "dl1." and base64url without padding of, big-endian:
   *
   *   length      2 bytes, of all of this, checksum included
   *   expiry      8 bytes, seconds since 1970
   *   authority   32 bytes, SHA-256 of the public key
   *   id          8 bytes
   *   secret      16 bytes
   *   addresses   1 byte count, then for each: 2 bytes port, 1 byte length of host, host in ASCII
   *   checksum    4 bytes, the beginning of the SHA-256 of everything before
   *
   * The digit in "dl1." is the version. The length comes first, so that a token that lost its end
   * is told apart from one with a wrong character.
   */
  private static final String PREFIX = "dl1.";
  private static final Pattern ANY_VERSION = Pattern.compile("dl[0-9]{1,4}\\..*");
  private static final int LENGTH_BYTES = 2;
  private static final int CHECKSUM_BYTES = 4;
  private static final int BYTES_MAX = 4096;

  private TokenText() {}

  static String write(Token token) {
    ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
    out.putShort((short) 0).putLong(token.expiresAt().getEpochSecond());
    token.authority().hash().write(out);
    out.putLong(token.id().bits());
    out.putLong(token.secret().high()).putLong(token.secret().low());
    out.put((byte) token.addresses().size());
    for (Address address : token.addresses()) {
      byte[] host = address.host().getBytes(US_ASCII);
      out.putShort((short) address.port()).put((byte) host.length).put(host);
    }
    out.putShort(0, (short) (out.position() + CHECKSUM_BYTES));
    byte[] body = Arrays.copyOf(out.array(), out.position());
    byte[] all = Arrays.copyOf(body, body.length + CHECKSUM_BYTES);
    System.arraycopy(checksum(body), 0, all, body.length, CHECKSUM_BYTES);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  static Token read(String pasted) throws RefusedException {
    String text = pasted.replaceAll("\\s", "");
    if (PREFIX.startsWith(text)) {
      throw cut();
    }
    if (!text.startsWith(PREFIX)) {
      throw ANY_VERSION.matcher(text).matches()
          ? otherVersion()
          : mistyped("it doesn't begin with dl1.");
    }
    byte[] all = decode(text.substring(PREFIX.length()));
    byte[] body = Arrays.copyOf(all, all.length - CHECKSUM_BYTES);
    if (!Arrays.equals(
        checksum(body), Arrays.copyOfRange(all, all.length - CHECKSUM_BYTES, all.length))) {
      throw mistyped("its checksum is wrong");
    }
    try {
      return readBody(ByteBuffer.wrap(body));
    } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException e) {
      throw mistyped("it was not made by this program");
    }
  }

  private static byte[] decode(String encoded) throws RefusedException {
    byte[] all;
    try {
      // A cut can leave one lone character, which is no base64.
      all = Base64.getUrlDecoder().decode(encoded.length() % 4 == 1 ? encoded + "A" : encoded);
    } catch (IllegalArgumentException e) {
      throw mistyped("it has characters that no token has");
    }
    if (all.length < LENGTH_BYTES + CHECKSUM_BYTES) {
      throw cut();
    }
    int length = ByteBuffer.wrap(all).getShort();
    if (length <= LENGTH_BYTES + CHECKSUM_BYTES || length > BYTES_MAX) {
      throw mistyped("its length is wrong");
    }
    int characters = (length * 8 + 5) / 6;
    if (encoded.length() < characters) {
      throw cut();
    }
    if (encoded.length() > characters) {
      throw mistyped("it has %d characters too many".formatted(encoded.length() - characters));
    }
    return all;
  }

  private static Token readBody(ByteBuffer body) {
    body.getShort();
    Instant expiresAt = Instant.ofEpochSecond(body.getLong());
    KeyHash authority = new KeyHash(Word256.read(body));
    TokenId id = new TokenId(body.getLong());
    TokenSecret secret = new TokenSecret(body.getLong(), body.getLong());
    List<Address> addresses = new ArrayList<>();
    for (int left = Byte.toUnsignedInt(body.get()); left > 0; left--) {
      int port = Short.toUnsignedInt(body.getShort());
      byte[] host = new byte[Byte.toUnsignedInt(body.get())];
      body.get(host);
      addresses.add(new Address(new String(host, US_ASCII), port));
    }
    if (body.hasRemaining()) {
      throw new IllegalArgumentException("bytes after the addresses");
    }
    return new Token(addresses, authority, id, secret, expiresAt);
  }

  private static byte[] checksum(byte[] body) {
    return Arrays.copyOf(Word256.sha256(body).toBytes(), CHECKSUM_BYTES);
  }

  private static RefusedException cut() {
    return new RefusedException(
        Reason.TOKEN_CUT,
        "the token lost its end on the way",
        "copy all of the line that target invite printed");
  }

  private static RefusedException mistyped(String what) {
    return new RefusedException(
        Reason.TOKEN_MISTYPED,
        "this is not a token as it was printed: " + what,
        "copy the line that target invite printed, don't type it");
  }

  private static RefusedException otherVersion() {
    return new RefusedException(
        Reason.TOKEN_VERSION,
        "the token is of another version than " + PREFIX,
        "use the same version of driftless on both hosts");
  }
}
