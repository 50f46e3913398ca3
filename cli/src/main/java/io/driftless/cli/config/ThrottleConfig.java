package io.driftless.cli.config;

import io.driftless.cli.quantity.EntryRate;
import io.driftless.cli.quantity.Rate;
import io.driftless.protocol.linux.Priority;
import io.driftless.protocol.pace.Calendar;
import io.driftless.protocol.pace.Gauge.Thresholds;
import io.driftless.protocol.pace.HoursText;
import io.driftless.protocol.pace.Limit;
import io.driftless.protocol.pace.Limits;
import io.driftless.protocol.pace.Window;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * What an agent may use up.
 *
 * @param calendar of its limits
 * @param yields from how much pressure on the host on it holds back
 * @param priority of passes over a tree
 */
public record ThrottleConfig(Calendar calendar, Thresholds yields, Priority priority) {
  private static final String THROTTLE = "throttle";

  /** Without any limit. */
  public static ThrottleConfig none() {
    return new ThrottleConfig(Calendar.open(ZoneId.systemDefault()), Thresholds.NONE, Priority.LOW);
  }

  static ThrottleConfig of(Settings settings) {
    var base =
        new Limits(
            text(settings, "base").map(ThrottleConfig::bits).orElse(Limit.UNLIMITED),
            text(settings, "disk").map(ThrottleConfig::bytes).orElse(Limit.UNLIMITED),
            text(settings, "walk").map(ThrottleConfig::entries).orElse(Limit.UNLIMITED));
    ZoneId zone = text(settings, "zone").map(ZoneId::of).orElseGet(ZoneId::systemDefault);
    return new ThrottleConfig(
        new Calendar(zone, base, windows(settings)),
        new Thresholds(share(settings, "yield-io"), share(settings, "yield-cpu")),
        text(settings, "priority").filter("normal"::equals).isPresent()
            ? Priority.NORMAL
            : Priority.LOW);
  }

  private static Optional<String> text(Settings settings, String key) {
    return settings.find(THROTTLE, key).map(setting -> setting.value().toString());
  }

  private static Optional<Double> share(Settings settings, String key) {
    return text(settings, key)
        .map(text -> Integer.parseInt(text.substring(0, text.length() - 1)) / 100.0);
  }

  private static Limit bits(String rate) {
    return Limit.of(Rate.parse(rate).bitsPerSecond());
  }

  private static Limit bytes(String rate) {
    return Limit.of(Rate.parse(rate).bytesPerSecond());
  }

  private static Limit entries(String rate) {
    return Limit.of(EntryRate.parse(rate).perSecond());
  }

  private static List<Window> windows(Settings settings) {
    var windows = new ArrayList<Window>();
    settings
        .find(THROTTLE, "windows")
        .map(setting -> ((TomlArray) setting.value()).toList())
        .orElse(List.of())
        .forEach(table -> windows.add(window((TomlTable) table)));
    return windows;
  }

  private static Window window(TomlTable table) {
    return new Window(
        String.valueOf(table.getString("id")),
        HoursText.parse(String.valueOf(table.getString("when"))),
        Optional.ofNullable(table.getString("rate")).map(ThrottleConfig::bits),
        Optional.ofNullable(table.getString("disk")).map(ThrottleConfig::bytes),
        Optional.ofNullable(table.getString("walk")).map(ThrottleConfig::entries));
  }

  /** An id that stands twice, if there is one. */
  static Optional<String> repeatedId(Settings settings) {
    var seen = new TreeSet<String>();
    return windows(settings).stream().map(Window::id).filter(id -> !seen.add(id)).findFirst();
  }
}
