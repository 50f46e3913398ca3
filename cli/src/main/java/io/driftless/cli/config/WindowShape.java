package io.driftless.cli.config;

import io.driftless.cli.home.AgentRole;
import io.driftless.protocol.pace.HoursText;
import io.driftless.protocol.tree.Escaped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlTable;

/** What a window of the throttle's calendar looks like. */
final class WindowShape {
  /** In this order in messages; only a source walks. */
  private static final List<String> LIMITS = List.of("rate", "disk", "walk");

  private final List<String> limits;

  private WindowShape(List<String> limits) {
    this.limits = limits;
  }

  static Shape of(AgentRole role) {
    List<String> limits =
        switch (role) {
          case SOURCE -> LIMITS;
          case TARGET -> LIMITS.subList(0, 2);
        };
    return new WindowShape(limits).shape();
  }

  private Shape shape() {
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
              && limits.stream().anyMatch(table::contains)
          ? Optional.empty()
          : Optional.of("a window needs id, when, and one of " + String.join(", ", limits));
    };
  }

  private Optional<String> flaw(String key, @Nullable Object value) {
    if (value == null) {
      return Optional.of("a window has an empty " + Escaped.display(key));
    }
    return shape(key)
        .map(shape -> shape.flawOf(value).map(flaw -> "%s: %s".formatted(key, flaw)))
        .orElseGet(() ->
            Optional.of(
                "a window has id, when, %s, not %s"
                    .formatted(String.join(", ", limits), Escaped.display(key))));
  }

  private Optional<Shape> shape(String key) {
    return switch (key) {
      case "id" -> Optional.of(Shape.matching(Shape.VOLUME_NAME, "an id such as \"w1\""));
      case "when" ->
          Optional.of(
              Shape.parsedBy(HoursText::parse, "days and hours, such as \"mon-fri 08:00-18:00\""));
      case "rate", "disk" -> Optional.of(Shape.rate());
      case "walk" -> Optional.of(Shape.entryRate()).filter(_ -> limits.contains(key));
      default -> Optional.empty();
    };
  }
}
