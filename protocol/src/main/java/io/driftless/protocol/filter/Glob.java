package io.driftless.protocol.filter;

import io.driftless.protocol.tree.Name;
import java.util.List;

/**
 * A pattern with wildcards, as steps that are followed along the bytes of a path.
 *
 * <p>Matching never recurses and remembers two places to come back to, the last {@code *} and the
 * last {@code **}. That is enough: whatever an earlier asterisk could still take over, the last one
 * can take as well, for between two {@code **} each {@code *} is bound to its own part of the path.
 * So the work is bounded by the length of the path times the number of steps.
 */
final class Glob {
  /** Steps below 256 are that byte. */
  static final int ANY_BYTE = 256;

  /** {@code *}: any bytes but slashes. */
  static final int STAR = 257;

  /** {@code **}{@code /}: nothing, or everything up to and with some slash. */
  static final int ANY_DIRECTORIES = 258;

  /** {@code **\/}: everything up to and with some slash; git doesn't let this one be nothing. */
  static final int SOME_DIRECTORIES = 259;

  /** {@code **} at the end: all the rest. */
  static final int REST = 260;

  /** From here on, the class with that index. */
  static final int CLASS = 512;

  private final int[] steps;
  private final ByteClass[] classes;
  private final int bytesMin;

  Glob(int[] steps, List<ByteClass> classes) {
    this.steps = steps.clone();
    this.classes = classes.toArray(ByteClass[]::new);
    int consuming = 0;
    for (int step : steps) {
      consuming += consumesOneByte(step) ? 1 : 0;
    }
    this.bytesMin = consuming;
  }

  static boolean isLiteral(int step) {
    return step < ANY_BYTE;
  }

  static boolean consumesOneByte(int step) {
    return step <= ANY_BYTE || step >= CLASS;
  }

  boolean matches(Head head, Name name) {
    int end = head.length() + name.length();
    if (end < bytesMin) {
      return false;
    }
    int at = 0;
    int step = 0;
    int starStep = -1; // where to go on when the last * takes one byte more
    int starAt = 0;
    int deepStep = -1; // where to go on when the last ** takes one directory more
    int deepAt = 0;
    while (true) {
      int next = step < steps.length ? steps[step] : -1;
      if (next == REST || next == -1 && at == end) {
        return true;
      }
      if (next == STAR) {
        starStep = ++step;
        starAt = at;
        continue;
      }
      if (next == ANY_DIRECTORIES || next == SOME_DIRECTORIES) {
        starStep = -1;
        deepStep = ++step;
        deepAt = at;
        if (next == ANY_DIRECTORIES) {
          continue;
        }
      } else if (next != -1 && at < end && accepts(next, byteAt(head, name, at))) {
        at++;
        step++;
        continue;
      }
      if (starStep >= 0 && starAt < end && byteAt(head, name, starAt) != '/') {
        at = ++starAt;
        step = starStep;
        continue;
      }
      deepAt = deepStep < 0 ? -1 : afterSlash(head, deepAt);
      if (deepAt < 0) {
        return false;
      }
      starStep = -1;
      at = deepAt;
      step = deepStep;
    }
  }

  private boolean accepts(int step, byte value) {
    if (step < ANY_BYTE) {
      return (byte) step == value;
    }
    return value != '/' && (step == ANY_BYTE || classes[step - CLASS].contains(value));
  }

  private static byte byteAt(Head head, Name name, int index) {
    return index < head.length() ? head.at(index) : name.at(index - head.length());
  }

  /** The place after the next slash, -1 if there is none; a name has none. */
  private static int afterSlash(Head head, int from) {
    for (int i = from; i < head.length(); i++) {
      if (head.at(i) == '/') {
        return i + 1;
      }
    }
    return -1;
  }
}
