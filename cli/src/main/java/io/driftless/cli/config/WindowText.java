package io.driftless.cli.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tomlj.TomlTable;

/**
 * A window of the throttle's calendar as it was written.
 *
 * @param limits rate, disk, walk, as far as they are named, in this order
 */
public record WindowText(String id, String when, Map<String, String> limits) {
  private static final List<String> LIMITS = List.of("rate", "disk", "walk");

  static WindowText of(TomlTable table) {
    var limits = new LinkedHashMap<String, String>();
    for (String limit : LIMITS) {
      Optional.ofNullable(table.getString(limit)).ifPresent(text -> limits.put(limit, text));
    }
    return new WindowText(
        String.valueOf(table.getString("id")), String.valueOf(table.getString("when")), limits);
  }

  String toml() {
    String others =
        limits.entrySet().stream()
            .map(limit -> ", %s = %s".formatted(limit.getKey(), KeyText.text(limit.getValue())))
            .collect(Collectors.joining());
    return "{ id = %s, when = %s%s }".formatted(KeyText.text(id), KeyText.text(when), others);
  }
}
