package io.driftless.protocol.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * The few forms of DER (X.690) that a certificate consists of. Writes only; nothing from a peer is
 * read with this.
 */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int UTC_TIME_ENDS = 2050;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(SEQUENCE, parts);
  }

  static byte[] integer(BigInteger value) {
    return tagged(INTEGER, value.toByteArray());
  }

  static byte[] yes() {
    return new byte[] {0x01, 1, (byte) 0xFF};
  }

  static byte[] octets(byte[] content) {
    return tagged(OCTET_STRING, content);
  }

  /** A bit string of whole bytes. */
  static byte[] bits(byte[] content) {
    return tagged(BIT_STRING, new byte[] {0}, content);
  }

  /** A bit string in which one of the first eight bits is set, and that ends with it. */
  static byte[] namedBit(int index) {
    return tagged(BIT_STRING, new byte[] {(byte) (7 - index), (byte) (0x80 >> index)});
  }

  static byte[] time(Instant instant) {
    ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
    boolean isShort = time.getYear() < UTC_TIME_ENDS;
    String pattern = isShort ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'";
    String text = DateTimeFormatter.ofPattern(pattern).format(time);
    return tagged(isShort ? UTC_TIME : GENERALIZED_TIME, text.getBytes(US_ASCII));
  }

  /** An object identifier in dotted form, whose arcs after the second are written base 128. */
  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.");
    var out = new ByteArrayOutputStream();
    out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      writeBase128(out, Integer.parseInt(arcs[i]));
    }
    return tagged(OBJECT_IDENTIFIER, out.toByteArray());
  }

  private static void writeBase128(ByteArrayOutputStream out, int arc) {
    for (int shift = 28; shift > 0; shift -= 7) {
      if (arc >>> shift != 0) {
        out.write(arc >>> shift & 0x7F | 0x80);
      }
    }
    out.write(arc & 0x7F);
  }

  /** Any tag in one byte, with its length and its content. */
  static byte[] tagged(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    var out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length > 0xFF) {
      out.write(0x82);
      out.write(length >>> 8);
    } else if (length > 0x7F) {
      out.write(0x81);
    }
    out.write(length);
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
