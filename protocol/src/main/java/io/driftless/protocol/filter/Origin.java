package io.driftless.protocol.filter;

import io.driftless.protocol.tree.Escaped;

/**
 * Where a rule was written, so that a person can find it.
 *
 * @param source a file, or what else it came from
 * @param line line in that file, counted from 1; 0 where there are no lines
 */
public record Origin(String source, int line) {
  public static final int MAX_SOURCE_LENGTH = 4096;

  public static final Origin COMMAND_LINE = new Origin("command line", 0);

  public Origin {
    if (source.isEmpty() || source.length() > MAX_SOURCE_LENGTH) {
      throw new IllegalArgumentException(
          "origin of a filter rule must have 1 to %d characters, has %d"
              .formatted(MAX_SOURCE_LENGTH, source.length()));
    }
    if (line < 0) {
      throw new IllegalArgumentException("line of a filter rule must not be negative: " + line);
    }
  }

  /** For people, as compilers write it, {@code driftless.toml:12}; escaped. */
  @Override
  public String toString() {
    String shown = Escaped.display(source);
    return line == 0 ? shown : shown + ":" + line;
  }
}
