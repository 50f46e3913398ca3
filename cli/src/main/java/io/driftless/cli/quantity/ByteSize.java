package io.driftless.cli.quantity;

import io.driftless.protocol.tree.Escaped;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written with a unit: {@code b k m g t}, powers of 1024. */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15}) ?(b|[kmgt](?:ib)?)?");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative: " + bytes);
    }
  }

  /**
   * Parses a size.
   *
   * @throws IllegalArgumentException if it is none, or has no unit; one line, with what to write
   */
  public static ByteSize parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a size: %s; write for example 64m (MiB) or 4096b".formatted(Escaped.display(text)));
    }
    String number = form.group(1);
    String unit = form.group(2);
    if (unit == null) {
      throw new IllegalArgumentException(
          "%s has no unit; write %sb (bytes) or %sm (MiB)".formatted(number, number, number));
    }
    try {
      return new ByteSize(Math.multiplyExact(Long.parseLong(number), bytesPerUnit(unit)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("%s%s is too large".formatted(number, unit), e);
    }
  }

  private static long bytesPerUnit(String unit) {
    return switch (unit.charAt(0)) {
      case 'k' -> 1L << 10;
      case 'm' -> 1L << 20;
      case 'g' -> 1L << 30;
      case 't' -> 1L << 40;
      default -> 1;
    };
  }
}
