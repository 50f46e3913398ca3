package io.driftless.cli.config;

import io.driftless.cli.quantity.EntryRate;
import io.driftless.cli.quantity.Rate;
import io.driftless.cli.quantity.Span;
import io.driftless.protocol.tree.Escaped;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** What a value must look like. */
@FunctionalInterface
interface Shape {
  Pattern AGENT_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  Pattern VOLUME_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,62}");
  Pattern SHARE = Pattern.compile("([0-9]{1,3})%");
  Pattern WHEN = Pattern.compile("[a-z0-9,:; *-]{1,100}");

  /** What is wrong with a value, one line; empty if nothing is. */
  Optional<String> flawOf(Object value);

  static Shape text() {
    return value ->
        value instanceof String text && !text.isEmpty()
            ? Optional.empty()
            : expected("a text in quotes", value);
  }

  static Shape agentName() {
    return matching(AGENT_NAME, "a name of 1 to 63 of a-z 0-9 . -, such as \"web1\"");
  }

  private static Shape matching(Pattern pattern, String what) {
    return value ->
        value instanceof String text && pattern.matcher(text).matches()
            ? Optional.empty()
            : expected(what, value);
  }

  static Shape whole(long min, long max) {
    return value ->
        value instanceof Long number && number >= min && number <= max
            ? Optional.empty()
            : expected("a whole number in %d..%d".formatted(min, max), value);
  }

  static Shape bool() {
    return value -> value instanceof Boolean ? Optional.empty() : expected("true or false", value);
  }

  static Shape absolutePath() {
    return value ->
        value instanceof String text && text.indexOf('\0') < 0 && Path.of(text).isAbsolute()
            ? Optional.empty()
            : expected("an absolute path, such as \"/srv/www\"", value);
  }

  static Shape choice(Set<String> words) {
    return value ->
        value instanceof String text && words.contains(text)
            ? Optional.empty()
            : expected("one of " + String.join(", ", words.stream().sorted().toList()), value);
  }

  static Shape address() {
    return value ->
        value instanceof String text && HostPort.isAddress(text)
            ? Optional.empty()
            : expected("HOST:PORT, such as \"203.0.113.7:7440\"", value);
  }

  static Shape listenAddress() {
    return value ->
        value instanceof String text && HostPort.isListenAddress(text)
            ? Optional.empty()
            : expected("[HOST]:PORT, such as \":7440\"", value);
  }

  static Shape rate() {
    Shape text = parsedBy(Rate::parse, "a rate in quotes, such as \"20mbit\"");
    return value ->
        value instanceof Long number && number > 0
            ? Optional.of(
                "expected a rate in quotes, found %d, which could mean \"%dmbit\" (bits) or \"%dm/s\" (bytes)"
                    .formatted(number, number, number))
            : text.flawOf(value);
  }

  static Shape entryRate() {
    return parsedBy(EntryRate::parse, "a number of entries in quotes, such as \"2000/s\"");
  }

  static Shape span() {
    return parsedBy(Span::parse, "a length of time in quotes, such as \"5s\"");
  }

  static Shape zone() {
    return value -> {
      try {
        return value instanceof String text && ZoneId.of(text) != null
            ? Optional.empty()
            : expected("a time zone in quotes, such as \"Europe/Berlin\"", value);
      } catch (DateTimeException e) {
        return expected("a time zone, such as \"Europe/Berlin\"", value);
      }
    };
  }

  static Shape share() {
    return value ->
        value instanceof String text
                && SHARE.matcher(text).matches()
                && Integer.parseInt(text.substring(0, text.length() - 1)) <= 100
            ? Optional.empty()
            : expected("a percentage in quotes, such as \"25%\"", value);
  }

  static Shape when() {
    return matching(WHEN, "days and hours, such as \"mon-fri 08:00-18:00\"");
  }

  /** A list with a limit, each element of the same shape. */
  static Shape list(Shape element, int atMost) {
    return value -> {
      if (!(value instanceof TomlArray array)) {
        return expected("a list in [brackets]", value);
      }
      if (array.size() > atMost) {
        return Optional.of("at most %d entries, found %d".formatted(atMost, array.size()));
      }
      return array.toList().stream().flatMap(each -> element.flawOf(each).stream()).findFirst();
    };
  }

  /** A window of the throttle's calendar. */
  static Shape window() {
    return value -> {
      if (!(value instanceof TomlTable table)) {
        return expected(
            "a table such as { id = \"w1\", when = \"...\", rate = \"20mbit\" }", value);
      }
      for (String key : table.keySet()) {
        Optional<String> flaw = windowFlaw(key, table.get(java.util.List.of(key)));
        if (flaw.isPresent()) {
          return flaw;
        }
      }
      return table.contains("when") && (table.contains("rate") || table.contains("disk"))
          ? Optional.empty()
          : Optional.of("a window needs when, and rate or disk");
    };
  }

  private static Optional<String> windowFlaw(
      String key, @org.jspecify.annotations.Nullable Object value) {
    if (value == null) {
      return Optional.of("a window has an empty " + Escaped.display(key));
    }
    return switch (key) {
      case "id" -> matching(VOLUME_NAME, "an id such as \"w1\"").flawOf(value);
      case "when" -> when().flawOf(value);
      case "rate", "disk" -> rate().flawOf(value);
      default -> Optional.of("a window has id, when, rate and disk, not " + Escaped.display(key));
    };
  }

  private static Shape parsedBy(java.util.function.Function<String, ?> parser, String what) {
    return value -> {
      if (!(value instanceof String text)) {
        return expected(what, value);
      }
      try {
        var _ = parser.apply(text);
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    };
  }

  private static Optional<String> expected(String what, Object found) {
    return Optional.of("expected %s, found %s".formatted(what, show(found)));
  }

  private static String show(Object value) {
    return switch (value) {
      case String text -> "\"" + Escaped.display(text) + "\"";
      case TomlArray _ -> "a list";
      case TomlTable _ -> "a table";
      default -> Escaped.display(value.toString());
    };
  }
}
