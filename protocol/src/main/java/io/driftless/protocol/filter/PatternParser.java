package io.driftless.protocol.filter;

import io.driftless.protocol.tree.Name;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compiles one pattern, without its {@code !} and its trailing slash. Used once. */
final class PatternParser {
  private final byte[] text;
  private final int start;
  private final boolean isPath;
  private final int firstSpecial;
  private final int[] steps;
  private final List<ByteClass> classes = new ArrayList<>();
  private int stepCount;
  private int at;

  PatternParser(byte[] text) {
    this.text = text;
    this.isPath = indexOf('/') >= 0;
    this.start = text.length > 0 && text[0] == '/' ? 1 : 0;
    this.firstSpecial = firstSpecial();
    this.steps = new int[text.length];
    this.at = start;
  }

  /**
   * Compiles the pattern.
   *
   * @throws IllegalArgumentException if it could never match; the message names the part
   */
  Pattern parse() {
    while (at < text.length) {
      switch (text[at]) {
        case '\\' -> escape();
        case '?' -> {
          add(Glob.ANY_BYTE);
          at++;
        }
        case '[' -> byteClass();
        case '*' -> stars();
        default -> add(text[at++] & 0xFF);
      }
    }
    checkParts();
    return isPath ? path() : name();
  }

  private void escape() {
    if (at + 1 == text.length) {
      throw new IllegalArgumentException(
          "the backslash at the end escapes nothing; write \\\\ for the character");
    }
    add(text[at + 1] & 0xFF);
    at += 2;
  }

  private void byteClass() {
    var parser = new ClassParser(text, at);
    classes.add(parser.parse());
    add(Glob.CLASS + classes.size() - 1);
    at = parser.end();
  }

  private void stars() {
    int first = at;
    while (at < text.length && text[at] == '*') {
      at++;
    }
    // Git compares what is literal in front by itself, so that a ** right after it counts as free.
    boolean free = first == firstSpecial || text[first - 1] == '/';
    if (!isPath || at - first < 2 || !free) {
      add(Glob.STAR);
      return;
    }
    if (at == text.length) {
      add(Glob.REST);
    } else if (text[at] == '/') {
      add(Glob.ANY_DIRECTORIES);
      at++;
    } else if (text[at] == '\\' && at + 1 < text.length && text[at + 1] == '/') {
      add(Glob.SOME_DIRECTORIES);
      at += 2;
    } else {
      add(Glob.STAR);
    }
  }

  /** Refuses parts between slashes that no path has. */
  private void checkParts() {
    int from = 0;
    boolean mayBeEmpty = false;
    for (int i = 0; i <= stepCount; i++) {
      if (i == stepCount || steps[i] == '/') {
        if (from < i || i == stepCount || !mayBeEmpty) {
          checkPart(from, i);
        }
        from = i + 1;
        mayBeEmpty = false;
      } else if (steps[i] == Glob.ANY_DIRECTORIES || steps[i] == Glob.SOME_DIRECTORIES) {
        from = i + 1;
        // After literals, a **/ that stands for nothing leaves the slash to what follows.
        mayBeEmpty = steps[i] == Glob.ANY_DIRECTORIES && i > 0 && steps[i - 1] != '/';
      }
    }
  }

  private void checkPart(int from, int to) {
    if (from == to) {
      throw new IllegalArgumentException("two slashes have no name between them; write one");
    }
    int bytes = 0;
    boolean literal = true;
    for (int i = from; i < to; i++) {
      bytes += Glob.consumesOneByte(steps[i]) ? 1 : 0;
      literal &= Glob.isLiteral(steps[i]);
    }
    if (bytes > Name.MAX_BYTES) {
      throw new IllegalArgumentException(
          "a name has at most %d bytes, and a part of it needs %d"
              .formatted(Name.MAX_BYTES, bytes));
    }
    if (literal) {
      checkName(literal(from, to));
    }
  }

  private static void checkName(byte[] part) {
    if (part[0] == '.' && (part.length == 1 || part.length == 2 && part[1] == '.')) {
      throw new IllegalArgumentException(
          "\"%s\" names no entry; begin with / for the root of the volume"
              .formatted(part.length == 1 ? "." : ".."));
    }
  }

  private Pattern name() {
    int literals = leadingLiterals(0);
    if (literals == stepCount) {
      return new Pattern.LiteralName(Name.of(literal(0, stepCount)));
    }
    if (steps[0] == Glob.STAR && leadingLiterals(1) == stepCount) {
      return new Pattern.NameEnding(literal(1, stepCount));
    }
    return new Pattern.NameGlob(glob());
  }

  private Pattern path() {
    int literals = leadingLiterals(0);
    if (literals < stepCount) {
      return new Pattern.PathGlob(literal(0, literals), glob());
    }
    int last = stepCount;
    while (last > 0 && steps[last - 1] != '/') {
      last--;
    }
    return new Pattern.LiteralPath(literal(0, last), Name.of(literal(last, stepCount)));
  }

  private Glob glob() {
    return new Glob(Arrays.copyOf(steps, stepCount), classes);
  }

  /** The first step from here on that isn't literal. */
  private int leadingLiterals(int from) {
    int to = from;
    while (to < stepCount && Glob.isLiteral(steps[to])) {
      to++;
    }
    return to;
  }

  private byte[] literal(int from, int to) {
    byte[] bytes = new byte[to - from];
    for (int i = from; i < to; i++) {
      bytes[i - from] = (byte) steps[i];
    }
    return bytes;
  }

  private void add(int step) {
    steps[stepCount++] = step;
  }

  private int firstSpecial() {
    int index = start;
    while (index < text.length && "*?[\\".indexOf(text[index]) < 0) {
      index++;
    }
    return index;
  }

  private int indexOf(char character) {
    int index = 0;
    while (index < text.length && text[index] != character) {
      index++;
    }
    return index < text.length ? index : -1;
  }
}
