package io.driftless.protocol.identity;

import io.driftless.protocol.tree.Escaped;
import java.util.regex.Pattern;

/**
 * The name of a volume: 1 to 63 of {@code A-Z a-z 0-9 . _ -}, beginning with neither dot nor minus.
 */
public record VolumeName(String text) implements Comparable<VolumeName> {
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,62}");

  public VolumeName {
    if (!PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a volume name has 1 to 63 of A-Z a-z 0-9 . _ - and begins with neither . nor -: "
              + Escaped.display(text));
    }
  }

  @Override
  public int compareTo(VolumeName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
