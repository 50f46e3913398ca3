package io.driftless.protocol.filter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.function.IntPredicate;

/** A set of bytes: what a class such as {@code [a-z_]} matches. */
final class ByteClass {
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  private final long[] bits = new long[4];

  boolean contains(byte value) {
    int index = value & 0xFF;
    return (bits[index >>> 6] >>> index & 1) != 0;
  }

  boolean isEmpty() {
    return (bits[0] | bits[1] | bits[2] | bits[3]) == 0;
  }

  void add(int value) {
    bits[value >>> 6] |= 1L << value;
  }

  void remove(int value) {
    bits[value >>> 6] &= ~(1L << value);
  }

  /** Adds all from the first to the last; none if the last comes before the first. */
  void addRange(int first, int last) {
    for (int value = first; value <= last; value++) {
      add(value);
    }
  }

  void invert() {
    for (int i = 0; i < bits.length; i++) {
      bits[i] = ~bits[i];
    }
  }

  /**
   * Adds a POSIX class by its name. ASCII only, whatever the locale.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  void addNamed(byte[] text, int from, int to) {
    String name = new String(text, from, to - from, ISO_8859_1);
    IntPredicate members = named(name);
    for (int value = 0; value < 0x80; value++) {
      if (members.test(value)) {
        add(value);
      }
    }
  }

  private static IntPredicate named(String name) {
    return switch (name) {
      case "alnum" -> value -> isLetter(value) || isDigit(value);
      case "alpha" -> ByteClass::isLetter;
      case "blank" -> value -> value == ' ' || value == '\t';
      case "cntrl" -> value -> value < ' ' || value == 0x7F;
      case "digit" -> ByteClass::isDigit;
      case "graph" -> value -> value > ' ' && value < 0x7F;
      case "lower" -> value -> value >= 'a' && value <= 'z';
      case "print" -> value -> value >= ' ' && value < 0x7F;
      case "punct" -> value -> PUNCTUATION.indexOf(value) >= 0;
      case "space" -> value -> value == ' ' || value == '\t' || value == '\n' || value == '\r';
      case "upper" -> value -> value >= 'A' && value <= 'Z';
      case "xdigit" -> value -> isDigit(value) || (value | 0x20) >= 'a' && (value | 0x20) <= 'f';
      default ->
          throw new IllegalArgumentException(
              "there is no class [:%s:], but alnum, alpha, blank, cntrl, digit, graph, lower, print, punct, space, upper and xdigit"
                  .formatted(FilterRule.shown(name)));
    };
  }

  private static boolean isLetter(int value) {
    return (value | 0x20) >= 'a' && (value | 0x20) <= 'z';
  }

  private static boolean isDigit(int value) {
    return value >= '0' && value <= '9';
  }
}
