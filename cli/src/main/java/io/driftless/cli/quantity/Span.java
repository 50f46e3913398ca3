package io.driftless.cli.quantity;

import io.driftless.protocol.tree.Escaped;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time, written with a unit: {@code ms s m h d}. */
public final class Span {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9}) ?(ms|s|m|min|h|d)?");

  private Span() {}

  /**
   * Parses a length of time.
   *
   * @throws IllegalArgumentException if it is none, or has no unit; one line, with what to write
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a length of time: %s; write for example 30s, 5m or 2h"
              .formatted(Escaped.display(text)));
    }
    String number = form.group(1);
    String unit = form.group(2);
    if (unit == null) {
      throw new IllegalArgumentException(
          "%s has no unit; write %ss (seconds) or %sm (minutes)".formatted(number, number, number));
    }
    return times(Long.parseLong(number), unit);
  }

  private static Duration times(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofMinutes(number);
    };
  }
}
