package io.driftless.cli.quantity;

import io.driftless.protocol.tree.Escaped;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many entries may be looked at in a second: {@code 2000/s}; 0 pauses, {@code unlimited} lifts.
 *
 * @param perSecond empty if unlimited
 */
public record EntryRate(OptionalLong perSecond) {
  public static final EntryRate UNLIMITED = new EntryRate(OptionalLong.empty());

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9}) ?/s|0");

  /**
   * Parses such a number.
   *
   * @throws IllegalArgumentException if it is none; one line, with what to write
   */
  public static EntryRate parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (lower.equals("unlimited")) {
      return UNLIMITED;
    }
    Matcher form = FORM.matcher(lower);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a number of entries a second: %s; write for example 2000/s"
              .formatted(Escaped.display(text)));
    }
    String number = form.group(1) == null ? "0" : form.group(1);
    return new EntryRate(OptionalLong.of(Long.parseLong(number)));
  }
}
