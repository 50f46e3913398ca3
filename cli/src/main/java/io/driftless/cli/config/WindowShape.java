package io.driftless.cli.config;

import io.driftless.protocol.pace.HoursText;
import io.driftless.protocol.tree.Escaped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlTable;

/** What a window of the throttle's calendar looks like. */
final class WindowShape {
  private static final Set<String> LIMITS = Set.of("rate", "disk", "walk");

  private WindowShape() {}

  static Shape window() {
    return value -> {
      if (!(value instanceof TomlTable table)) {
        return Shape.expected(
            "a table such as { id = \"w1\", when = \"...\", rate = \"20mbit\" }", value);
      }
      for (String key : table.keySet()) {
        Optional<String> flaw = flaw(key, table.get(List.of(key)));
        if (flaw.isPresent()) {
          return flaw;
        }
      }
      return table.contains("id")
              && table.contains("when")
              && LIMITS.stream().anyMatch(table::contains)
          ? Optional.empty()
          : Optional.of("a window needs id, when, and rate, disk or walk");
    };
  }

  private static Optional<String> flaw(String key, @Nullable Object value) {
    if (value == null) {
      return Optional.of("a window has an empty " + Escaped.display(key));
    }
    return shape(key)
        .map(shape -> shape.flawOf(value).map(flaw -> "%s: %s".formatted(key, flaw)))
        .orElseGet(() ->
            Optional.of("a window has id, when, rate, disk and walk, not " + Escaped.display(key)));
  }

  private static Optional<Shape> shape(String key) {
    return switch (key) {
      case "id" -> Optional.of(Shape.matching(Shape.VOLUME_NAME, "an id such as \"w1\""));
      case "when" ->
          Optional.of(
              Shape.parsedBy(HoursText::parse, "days and hours, such as \"mon-fri 08:00-18:00\""));
      case "rate", "disk" -> Optional.of(Shape.rate());
      case "walk" -> Optional.of(Shape.entryRate());
      default -> Optional.empty();
    };
  }
}
