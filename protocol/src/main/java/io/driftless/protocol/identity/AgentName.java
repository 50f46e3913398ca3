package io.driftless.protocol.identity;

import io.driftless.protocol.tree.Escaped;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What people call an agent: 1 to 63 of {@code a-z 0-9 . -}, beginning with a letter or digit.
 *
 * <p>Names are compared without case, so they are kept in lower case.
 */
public record AgentName(String text) implements Comparable<AgentName> {
  private static final Pattern PATTERN = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

  public AgentName {
    text = text.toLowerCase(Locale.ROOT);
    if (!PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "an agent name has 1 to 63 of a-z 0-9 . - and begins with a letter or digit: "
              + Escaped.display(text));
    }
  }

  @Override
  public int compareTo(AgentName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
