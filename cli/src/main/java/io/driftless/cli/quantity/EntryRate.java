package io.driftless.cli.quantity;

import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.tree.Escaped;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of entries a second: {@code 2000/s}, {@code 0} or {@code unlimited}. */
public final class EntryRate {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9}) ?(/s)?");

  private EntryRate() {}

  /**
   * Parses a rate.
   *
   * @throws IllegalArgumentException if it is none; one line, with what to write
   */
  public static Limit parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (lower.equals("unlimited")) {
      return Limit.UNLIMITED;
    }
    Matcher form = FORM.matcher(lower);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a number of entries a second: %s; write for example 2000/s"
              .formatted(Escaped.display(text)));
    }
    long number = Long.parseLong(form.group(1));
    if (form.group(2) == null && number > 0) {
      throw new IllegalArgumentException(
          "%d has no unit; write %d/s (entries a second)".formatted(number, number));
    }
    return new Limit(number);
  }
}
