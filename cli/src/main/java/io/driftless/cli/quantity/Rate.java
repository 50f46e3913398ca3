package io.driftless.cli.quantity;

import io.driftless.protocol.tree.Escaped;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much may flow in a second.
 *
 * <p>{@code mbit} is 10^6 bits a second, {@code m/s} is 2^20 bytes a second, likewise k and g. 0
 * pauses, {@code unlimited} lifts. What could mean either is refused with both meanings.
 *
 * @param bitsPerSecond empty if unlimited
 */
public record Rate(OptionalLong bitsPerSecond) {
  public static final Rate UNLIMITED = new Rate(OptionalLong.empty());

  private static final long MAX_BITS_PER_SECOND = 1_000_000_000_000L;
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,3})?) ?([a-z/]*)");

  public Rate {
    if (bitsPerSecond.isPresent()
        && (bitsPerSecond.getAsLong() < 0 || bitsPerSecond.getAsLong() > MAX_BITS_PER_SECOND)) {
      throw new IllegalArgumentException("a rate is in 0..1000gbit");
    }
  }

  /** In whole bytes, rounded up; empty if unlimited. */
  public OptionalLong bytesPerSecond() {
    return bitsPerSecond.isPresent()
        ? OptionalLong.of(Math.ceilDiv(bitsPerSecond.getAsLong(), Byte.SIZE))
        : OptionalLong.empty();
  }

  /**
   * Parses a rate.
   *
   * @throws IllegalArgumentException if it is none, or could mean two; one line, with what to write
   */
  public static Rate parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (lower.equals("unlimited")) {
      return UNLIMITED;
    }
    Matcher form = FORM.matcher(lower);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a rate: %s; write for example 20mbit or 2.5m/s".formatted(Escaped.display(text)));
    }
    double number = Double.parseDouble(form.group(1));
    if (number == 0) {
      return new Rate(OptionalLong.of(0));
    }
    return new Rate(
        OptionalLong.of(Math.round(number * bitsPerUnit(form.group(1), form.group(2)))));
  }

  private static double bitsPerUnit(String number, String unit) {
    return switch (unit) {
      case "kbit" -> 1e3;
      case "mbit" -> 1e6;
      case "gbit" -> 1e9;
      case "k/s" -> 8.0 * (1 << 10);
      case "m/s" -> 8.0 * (1 << 20);
      case "g/s" -> 8.0 * (1 << 30);
      default -> throw new IllegalArgumentException(ambiguous(number, unit));
    };
  }

  private static String ambiguous(String number, String unit) {
    String scale = unit.isEmpty() || "kmg".indexOf(unit.charAt(0)) < 0 ? "m" : unit.substring(0, 1);
    return "%s%s could mean two rates; write %s%sbit (bits) or %s%s/s (bytes)"
        .formatted(number, unit, number, scale, number, scale);
  }
}
