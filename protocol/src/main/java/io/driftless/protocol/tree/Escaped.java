package io.driftless.protocol.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Names from the file system as text that is safe on a terminal, in a log and in a report.
 *
 * <p>Control characters (C0, C1, DEL), bidirectional overrides, spaces other than the common one
 * and other invisible characters become {@code \n}, {@code \t}, {@code \x1b} or {@code \}{@code
 * u202e}; a backslash doubles; bytes that aren't UTF-8 become {@code \xff} each.
 */
public final class Escaped {
  private Escaped() {}

  public static String display(byte[] bytes, int offset, int length) {
    var out = new StringBuilder(length + 8);
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int width = sequenceLength(bytes, at, end);
      if (width == 0) {
        out.append("\\x%02x".formatted(bytes[at] & 0xFF));
        at++;
        continue;
      }
      appendCharacter(out, decode(bytes, at, width));
      at += width;
    }
    return out.toString();
  }

  /** Escapes text that came from elsewhere, such as a message of the peer. */
  public static String display(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return display(bytes, 0, bytes.length);
  }

  /**
   * As {@link #display(String)} for a message, in which names stand escaped already: backslashes
   * stay as they are.
   */
  public static String message(String text) {
    return display(text).replace("\\\\", "\\");
  }

  /** Tells whether the bytes are well-formed UTF-8. */
  public static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void appendCharacter(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isPrintable(codePoint)) {
          out.appendCodePoint(codePoint);
        } else if (codePoint < 0x80) {
          out.append("\\x%02x".formatted(codePoint));
        } else if (codePoint < 0x10000) {
          out.append("\\u%04x".formatted(codePoint));
        } else {
          out.append("\\U%08x".formatted(codePoint));
        }
      }
    }
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> !isBlank(codePoint);
    };
  }

  /** Letters, marks and symbols that show nothing: fillers, joiners, variation selectors. */
  private static boolean isBlank(int codePoint) {
    return switch (codePoint) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default ->
          codePoint >= 0x180B && codePoint <= 0x180F
              || codePoint >= 0xFE00 && codePoint <= 0xFE0F
              || codePoint >= 0xE0100 && codePoint <= 0xE01EF;
    };
  }

  /** Length of the well-formed UTF-8 sequence at a position, 0 where there is none. */
  private static int sequenceLength(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xFF;
    int width =
        first < 0x80
            ? 1
            : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (width == 0 || at + width > end) {
      return 0;
    }
    for (int i = at + 1; i < at + width; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int codePoint = decode(bytes, at, width);
    boolean overlong = width == 3 && codePoint < 0x800 || width == 4 && codePoint < 0x10000;
    boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
    return overlong || surrogate || codePoint > 0x10FFFF ? 0 : width;
  }

  private static int decode(byte[] bytes, int at, int width) {
    int codePoint = width == 1 ? bytes[at] : bytes[at] & (0x7F >> width);
    for (int i = at + 1; i < at + width; i++) {
      codePoint = codePoint << 6 | bytes[i] & 0x3F;
    }
    return codePoint;
  }
}
