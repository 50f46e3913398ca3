package io.driftless.cli.config;

import io.driftless.cli.home.AgentRole;
import io.driftless.cli.quantity.Span;
import java.nio.file.Path;
import java.util.List;
import org.tomlj.TomlArray;

/** What must hold between the keys of a configuration. */
final class WholeCheck {
  private final AgentRole role;
  private final Path main;
  private final Settings settings;

  WholeCheck(AgentRole role, Path main, Settings settings) {
    this.role = role;
    this.main = main;
    this.settings = settings;
  }

  void run() {
    if (!settings.flaws().isEmpty()) {
      return; // what is missing may be what couldn't be read
    }
    require("name", "name = \"web1\"");
    for (String volume : settings.names("volumes")) {
      requireOf("volumes", volume, "root");
    }
    checkAlarm();
    checkWindows();
    switch (role) {
      case SOURCE -> checkTargets();
      case TARGET -> require("listen", "listen = \":7440\"");
    }
  }

  private void checkAlarm() {
    settings
        .find("alarm", "run")
        .ifPresent(run -> {
          List<Object> words = ((TomlArray) run.value()).toList();
          if (words.isEmpty() || !words.getFirst().toString().startsWith("/")) {
            settings.flaw(run, "alarm.run begins with the absolute path of a program");
          }
          if (settings.find("alarm", "lag").isEmpty()) {
            settings.flaw(run, "alarm.run needs alarm.lag, such as lag = \"5s\"");
          }
        });
    settings
        .find("alarm", "lag")
        .filter(lag -> Span.parse(lag.value().toString()).isZero())
        .ifPresent(lag -> settings.flaw(lag, "alarm.lag is more than nothing"));
  }

  private void checkWindows() {
    settings
        .find("throttle", "windows")
        .ifPresent(windows ->
            ThrottleConfig.repeatedId(settings)
                .ifPresent(id -> settings.flaw(windows, "two windows have the id " + id)));
  }

  private void checkTargets() {
    List<String> targets = settings.names("targets");
    for (String target : targets) {
      requireOf("targets", target, "addresses");
    }
    for (String volume : settings.names("volumes")) {
      settings
          .find("volumes", volume, "target")
          .filter(target -> !targets.contains(target.value().toString()))
          .ifPresent(target -> settings.flaw(target, noSuchTarget(target, targets)));
      if (settings.find("volumes", volume, "target").isEmpty() && targets.size() != 1) {
        settings.flaw(
            main, "volumes.%s needs target, the name of one of [targets]".formatted(volume));
      }
    }
  }

  private static String noSuchTarget(Setting target, List<String> targets) {
    return targets.isEmpty()
        ? "there is no [targets.%s]".formatted(KeyText.part(target.value().toString()))
        : "there is no such target; known: " + String.join(", ", targets);
  }

  private void require(String key, String example) {
    if (settings.find(key).isEmpty()) {
      settings.flaw(main, "%s is missing; write for example %s".formatted(key, example));
    }
  }

  private void requireOf(String table, String name, String key) {
    if (settings.find(table, name, key).isEmpty()) {
      settings.flaw(main, "%s.%s needs %s".formatted(table, KeyText.part(name), key));
    }
  }
}
