package io.driftless.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** What several files say together, key by key: a later file overrides an earlier one. */
final class Settings {
  private static final Comparator<List<String>> BY_TEXT =
      Comparator.comparing(key -> String.join("\0", key));

  private final Map<List<String>, Setting> settings = new TreeMap<>(BY_TEXT);
  private final List<Flaw> flaws = new ArrayList<>();
  private final Keys keys;

  Settings(Keys keys) {
    this.keys = keys;
  }

  /** Reads one more file. */
  void add(Path file, String text) {
    TomlParseResult parsed = Toml.parse(text);
    if (parsed.hasErrors()) {
      for (TomlParseError error : parsed.errors()) {
        flaws.add(
            new Flaw(
                Place.of(file, error.position()).toString(), String.valueOf(error.getMessage())));
      }
      return;
    }
    addTable(file, parsed, List.of());
  }

  private void addTable(Path file, TomlTable table, List<String> prefix) {
    for (String name : table.keySet()) {
      List<String> key = append(prefix, name);
      Object value = table.get(List.of(name));
      if (value == null) {
        continue;
      }
      if (value instanceof TomlTable inner && keys.isTable(key)) {
        addTable(file, inner, key);
        continue;
      }
      TomlPosition position = table.inputPositionOf(List.of(name));
      addValue(new Setting(key, value, Place.of(file, position == null ? START : position)));
    }
  }

  private static final TomlPosition START = TomlPosition.positionAt(1, 1);

  private void addValue(Setting setting) {
    Optional<Keys.Key> known = keys.find(setting.key());
    if (known.isEmpty()) {
      flaw(setting, unknown(setting));
      return;
    }
    Optional<String> wrongName = nameFlaw(setting.key());
    if (wrongName.isPresent()) {
      flaw(setting, wrongName.get());
      return;
    }
    known.get().shape().flawOf(setting.value()).ifPresent(flaw -> flaw(setting, flaw));
    settings.put(setting.key(), setting);
  }

  /** Names of volumes and targets are keys, too. */
  private static Optional<String> nameFlaw(List<String> key) {
    if (key.getFirst().equals("volumes") && !Shape.VOLUME_NAME.matcher(key.get(1)).matches()) {
      return Optional.of("a volume name has 1 to 63 of A-Z a-z 0-9 . _ -, this has others");
    }
    if (key.getFirst().equals("targets") && !Shape.AGENT_NAME.matcher(key.get(1)).matches()) {
      return Optional.of("a target's name has 1 to 63 of a-z 0-9 . -, this has others");
    }
    return Optional.empty();
  }

  private String unknown(Setting setting) {
    if (keys.isTable(setting.key())) {
      return "%s is a table: write [%s]".formatted(shown(setting), shown(setting));
    }
    return "unknown key "
        + shown(setting)
        + keys.likely(setting.key()).map(likely -> "; did you mean " + likely + "?").orElse("");
  }

  private static String shown(Setting setting) {
    return KeyText.of(setting.key());
  }

  void flaw(Setting setting, String message) {
    String subject = message.contains(shown(setting)) ? "" : shown(setting) + ": ";
    flaws.add(new Flaw(setting.place().toString(), subject + message));
  }

  /** A flaw of the whole, which stands in no line. */
  void flaw(Path file, String message) {
    flaws.add(new Flaw(io.driftless.protocol.tree.Escaped.display(file.toString()), message));
  }

  List<Flaw> flaws() {
    return List.copyOf(flaws);
  }

  Collection<Setting> all() {
    return List.copyOf(settings.values());
  }

  Optional<Setting> find(String... key) {
    return Optional.ofNullable(settings.get(List.of(key)));
  }

  /** The names that are chosen below a table, in order; those that were removed are left out. */
  List<String> names(String table) {
    return settings.keySet().stream()
        .filter(key -> key.size() > 2 && key.getFirst().equals(table))
        .map(key -> key.get(1))
        .distinct()
        .filter(name -> !isRemoved(table, name))
        .toList();
  }

  private boolean isRemoved(String table, String name) {
    return find(table, name, "removed").filter(setting -> setting.value().equals(true)).isPresent();
  }

  private static List<String> append(List<String> prefix, String name) {
    var key = new ArrayList<>(prefix);
    key.add(name);
    return List.copyOf(key);
  }
}
