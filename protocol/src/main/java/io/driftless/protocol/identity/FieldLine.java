package io.driftless.protocol.identity;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One line of a ledger: {@code key=value} fields with blanks between them and none in them. */
final class FieldLine {
  private final Map<String, String> fields = new LinkedHashMap<>();

  /** Adds a field, unless there is no value. */
  FieldLine with(String key, @Nullable Object value) {
    if (value != null) {
      String text = value.toString();
      if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ')) {
        throw new IllegalArgumentException("a field has no blanks: " + key);
      }
      fields.put(key, text);
    }
    return this;
  }

  /**
   * Parses a line.
   *
   * @throws IllegalArgumentException if it is none
   */
  static FieldLine parse(String line) {
    FieldLine parsed = new FieldLine();
    for (String field : line.split(" ", -1)) {
      int equals = field.indexOf('=');
      if (equals < 1 || parsed.fields.containsKey(field.substring(0, equals))) {
        throw new IllegalArgumentException("not key=value: " + field);
      }
      parsed.with(field.substring(0, equals), field.substring(equals + 1));
    }
    return parsed;
  }

  /** The value of a field that must be there. */
  String text(String key) {
    String value = fields.get(key);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + key);
    }
    return value;
  }

  /** The value of a field that may be missing. */
  <T> @Nullable T optional(String key, Function<String, T> parse) {
    String value = fields.get(key);
    return value == null ? null : parse.apply(value);
  }

  Instant instant(String key) {
    return Instant.parse(text(key));
  }

  @Override
  public String toString() {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + field.getValue())
        .collect(joining(" "));
  }
}
