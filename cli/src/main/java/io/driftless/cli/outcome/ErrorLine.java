package io.driftless.cli.outcome;

import java.util.regex.Pattern;

/** The one form in which every failure is shown. */
public final class ErrorLine {
  private static final Pattern LINE_BREAKS = Pattern.compile("\\s*[\\r\\n]+\\s*");

  private ErrorLine() {}

  /** {@code error: SLUG: MESSAGE; HINT} on one line. */
  public static String of(String slug, String message, String hint) {
    String text = "error: " + slug + ": " + message + (hint.isEmpty() ? "" : "; " + hint);
    return LINE_BREAKS.matcher(text.strip()).replaceAll(" ");
  }
}
