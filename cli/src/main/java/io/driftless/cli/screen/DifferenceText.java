package io.driftless.cli.screen;

import io.driftless.cli.json.Change;
import io.driftless.cli.json.DifferenceJson;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.tree.Escaped;
import java.util.Locale;
import java.util.stream.Collectors;

/** Differences and changes, one line each. */
public final class DifferenceText {
  private DifferenceText() {}

  /** In what an entry differs. */
  public static String line(Difference difference) {
    String since =
        difference.left() == Left.CHANGED_SINCE
            ? "; changed on the target since the last pass"
            : "";
    return "  %-11s %s  %s%s"
        .formatted(
            DifferenceJson.word(difference.trait()), difference.path(), what(difference), since);
  }

  private static String what(Difference difference) {
    String source = Escaped.display(difference.source());
    String target = Escaped.display(difference.target());
    return switch (difference.trait()) {
      case MISSING -> source + ", the target lacks it";
      case EXTRA -> target + ", only on the target";
      case RENAMED -> "it was " + Escaped.message(difference.target());
      case BUSY -> "%s while it was compared".formatted(source.isEmpty() ? target : source);
      default -> "%s at the source, %s on the target".formatted(shown(source), shown(target));
    };
  }

  private static String shown(String value) {
    return value.isEmpty() ? "?" : value;
  }

  /** What is done to an entry, and why. */
  public static String line(Change change) {
    String reasons =
        switch (change.action()) {
          case CREATE -> "the target lacks it";
          case DELETE -> "the source has it no longer";
          case RENAME -> "it was " + Escaped.message(change.before().orElse("?"));
          case UPDATE ->
              change.reasons().stream().map(DifferenceJson::word).collect(Collectors.joining(", "));
        };
    return "%-6s %-9s %s  (%s)"
        .formatted(
            change.action().name().toLowerCase(Locale.ROOT),
            DifferenceJson.word(change.kind()),
            change.path(),
            reasons);
  }
}
