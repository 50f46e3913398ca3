package io.driftless.cli.config;

import io.driftless.protocol.tree.Escaped;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Keys and values as they are written in TOML. */
final class KeyText {
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");

  private KeyText() {}

  static String of(List<String> key) {
    return key.stream().map(KeyText::part).collect(Collectors.joining("."));
  }

  static String part(String name) {
    return BARE.matcher(name).matches() ? name : "\"" + Escaped.display(name) + "\"";
  }

  static String text(String value) {
    return "\"" + Toml.tomlEscape(value) + "\"";
  }

  static String value(Object value) {
    return switch (value) {
      case String text -> text(text);
      case TomlArray array ->
          array.toList().stream().map(KeyText::value).collect(Collectors.joining(", ", "[", "]"));
      case TomlTable table ->
          table.entrySet().stream()
              .map(entry -> part(entry.getKey()) + " = " + value(entry.getValue()))
              .collect(Collectors.joining(", ", "{ ", " }"));
      default -> value.toString();
    };
  }
}
