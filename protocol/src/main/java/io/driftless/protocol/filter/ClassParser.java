package io.driftless.protocol.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Reads one class, {@code [...]}, byte by byte as git does.
 *
 * <p>A {@code ]} that comes first is a member; a {@code -} is one where it can't be a range.
 */
final class ClassParser {
  private static final int NONE = 0;

  private final byte[] text;
  private final int start;
  private final ByteClass members = new ByteClass();
  private int at;

  /** Begins at the opening bracket. */
  ClassParser(byte[] text, int start) {
    this.text = text;
    this.start = start;
    this.at = start + 1;
  }

  /**
   * Reads the class; {@link #end} is then the place after its closing bracket.
   *
   * @throws IllegalArgumentException if it isn't closed, isn't ASCII, or nothing is in it
   */
  ByteClass parse() {
    boolean inverted = at < text.length && (text[at] == '!' || text[at] == '^');
    if (inverted) {
      at++;
    }
    int previous = NONE;
    do {
      previous = member(previous);
    } while (current() != ']');
    at++;
    if (inverted) {
      members.invert();
    }
    members.remove('/');
    members.remove(0);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("no character matches \"%s\"".formatted(shown(at)));
    }
    return members;
  }

  int end() {
    return at;
  }

  /** Reads one member; returns it if a range could begin with it. */
  private int member(int previous) {
    int value = current();
    if (value == '-' && previous != NONE && at + 1 < text.length && text[at + 1] != ']') {
      at++;
      members.addRange(previous, single());
      return NONE;
    }
    if (value == '[' && at + 1 < text.length && text[at + 1] == ':') {
      int close = closeOfName();
      if (close >= 0) {
        members.addNamed(text, at + 2, close - 1);
        at = close + 1;
        return NONE;
      }
      members.add('[');
      at++;
      return '[';
    }
    int single = single();
    members.add(single);
    return single;
  }

  private int single() {
    if (current() == '\\') {
      at++;
    }
    int value = current();
    at++;
    return value;
  }

  /** The place of the bracket in {@code :]}, -1 if this is no name of a class after all. */
  private int closeOfName() {
    int close = at + 2;
    while (close < text.length && text[close] != ']') {
      close++;
    }
    if (close == text.length) {
      throw unclosed();
    }
    return close > at + 2 && text[close - 1] == ':' ? close : -1;
  }

  private int current() {
    if (at >= text.length) {
      throw unclosed();
    }
    int value = text[at] & 0xFF;
    if (value >= 0x80) {
      throw new IllegalArgumentException(
          "a class matches one byte, and \"%s\" has a character of several; write one pattern for each"
              .formatted(shown(text.length)));
    }
    return value;
  }

  private IllegalArgumentException unclosed() {
    return new IllegalArgumentException(
        "\"%s\" is never closed; close it with ], or write \\[ for the character"
            .formatted(shown(text.length)));
  }

  private String shown(int end) {
    return FilterRule.shown(new String(text, start, end - start, UTF_8));
  }
}
