package io.driftless.cli.config;

import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.TrustedFile;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.cli.quantity.Span;
import io.driftless.protocol.filter.Origin;
import io.driftless.protocol.tree.Escaped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The files of one agent, read and checked. Immutable once made. */
public final class Configuration {
  private final AgentRole role;
  private final Path main;
  private final Settings settings;

  private Configuration(AgentRole role, Path main, Settings settings) {
    this.role = role;
    this.main = main;
    this.settings = settings;
  }

  /**
   * Reads the configuration of a home: the person's file, then the additions by name, the command
   * line's own last.
   *
   * @throws CommandFailure if a file can't be read or trusted; flaws in what it says are no failure
   */
  public static Configuration read(Home home) throws IOException {
    var files = new ArrayList<Path>();
    if (Files.exists(home.config())) {
      files.add(home.config());
    }
    files.addAll(additions(home));
    if (files.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "no-agent",
          "there is no %s".formatted(Escaped.display(home.config().toString())),
          "set up an agent with driftless target init or driftless source join");
    }
    return read(home.role(), files);
  }

  /** Reads one file on its own. */
  public static Configuration read(AgentRole role, Path file) throws IOException {
    return read(role, List.of(file));
  }

  private static Configuration read(AgentRole role, List<Path> files) throws IOException {
    var settings = new Settings(Keys.of(role));
    for (Path file : files) {
      settings.add(file, TrustedFile.read(file));
    }
    var configuration = new Configuration(role, files.getFirst(), settings);
    new WholeCheck(role, files.getFirst(), settings).run();
    return configuration;
  }

  private static List<Path> additions(Home home) throws IOException {
    if (!Files.isDirectory(home.configAdditions())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(home.configAdditions())) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".toml"))
          .sorted(
              Comparator.comparing((Path file) -> file.equals(home.localConfig()))
                  .thenComparing(Path::toString))
          .toList();
    }
  }

  public AgentRole role() {
    return role;
  }

  /** The first of its files. */
  public Path file() {
    return main;
  }

  /** Everything that is wrong with it; empty if it can be used. */
  public List<Flaw> flaws() {
    return settings.flaws();
  }

  /**
   * What a source is told.
   *
   * @throws CommandFailure with the first flaw, if there is one
   */
  public SourceConfig source() throws CommandFailure {
    requireFlawless();
    var targets = new TreeMap<String, List<String>>();
    for (String target : settings.names("targets")) {
      targets.put(target, texts("targets", target, "addresses"));
    }
    return new SourceConfig(
        text("name"),
        settings
            .find("lanes")
            .map(lanes -> ((Long) lanes.value()).intValue())
            .orElse(SourceConfig.LANES),
        java.util.Collections.unmodifiableSortedMap(targets),
        settings.names("volumes").stream().map(this::outgoing).toList(),
        ThrottleConfig.of(settings));
  }

  /**
   * What a target is told.
   *
   * @throws CommandFailure with the first flaw, if there is one
   */
  public TargetConfig target() throws CommandFailure {
    requireFlawless();
    return new TargetConfig(
        text("name"),
        text("listen"),
        settings.names("volumes").stream()
            .map(name ->
                new VolumeConfig.Incoming(
                    name, Path.of(text("volumes", name, "root")), flag("volumes", name, "mounted")))
            .toList(),
        settings
            .find("passes")
            .map(passes -> ((Long) passes.value()).intValue())
            .orElse(TargetConfig.PASSES),
        ThrottleConfig.of(settings));
  }

  /** Where numbers and health can be asked for, as {@code HOST:PORT}. */
  public Optional<String> http() {
    return settings.find("http").map(address -> address.value().toString());
  }

  /** When somebody is to be told; empty if never. */
  public Optional<AlarmConfig> alarm() {
    return settings
        .find("alarm", "lag")
        .map(lag -> new AlarmConfig(Span.parse(lag.value().toString()), texts("alarm", "run")));
  }

  /** The windows of the throttle, as they were written. */
  public List<WindowText> windows() {
    return settings
        .find("throttle", "windows")
        .map(windows -> ((TomlArray) windows.value()).toList())
        .orElse(List.of())
        .stream()
        .map(window -> WindowText.of((TomlTable) window))
        .toList();
  }

  /** Names of the configured volumes, whether the rest is right or not. */
  public List<String> volumeNames() {
    return settings.names("volumes");
  }

  /** Roots of the configured volumes, whether the rest is right or not. */
  public List<Path> volumeRoots() {
    return settings.names("volumes").stream()
        .flatMap(name -> settings.find("volumes", name, "root").stream())
        .filter(root -> root.value() instanceof String)
        .map(root -> Path.of((String) root.value()))
        .toList();
  }

  public Optional<String> name() {
    return settings.find("name").map(name -> name.value().toString());
  }

  /** Every key that was set, one line each. */
  public List<String> values() {
    return settings.all().stream()
        .map(setting -> KeyText.of(setting.key()) + " = " + KeyText.value(setting.value()))
        .toList();
  }

  /** Every key that counts, one line each, with where it comes from. */
  public List<String> origins() {
    var lines = new ArrayList<String>();
    for (Setting setting : settings.all()) {
      lines.add(
          "%s = %s  # %s"
              .formatted(
                  KeyText.of(setting.key()), KeyText.value(setting.value()), setting.place()));
    }
    for (Keys.Key key : Keys.of(role).all()) {
      boolean chosen = key.path().contains("*");
      if (!key.standard().isEmpty() && !chosen && settings.find(array(key)).isEmpty()) {
        lines.add("%s = %s  # default".formatted(KeyText.of(key.path()), key.standard()));
      }
    }
    return lines;
  }

  private static String[] array(Keys.Key key) {
    return key.path().toArray(String[]::new);
  }

  private void requireFlawless() throws CommandFailure {
    List<Flaw> flaws = settings.flaws();
    if (!flaws.isEmpty()) {
      String more = flaws.size() == 1 ? "" : " (and %d more)".formatted(flaws.size() - 1);
      throw new CommandFailure(
          ExitCode.USAGE,
          "config",
          flaws.getFirst() + more,
          "correct it; driftless config check lists everything");
    }
  }

  /** Where each pattern of a volume stands, in their order. */
  public List<Origin> patternOrigins(String volume) {
    Optional<Setting> exclude = settings.find("volumes", volume, "exclude");
    if (exclude.isEmpty() || !(exclude.get().value() instanceof TomlArray patterns)) {
      return List.of();
    }
    Place place = exclude.get().place();
    var origins = new ArrayList<Origin>();
    for (int i = 0; i < patterns.size(); i++) {
      TomlPosition position = patterns.inputPositionOf(i);
      int line = position == null ? place.line() : position.line();
      origins.add(new Origin(place.file().toString(), line));
    }
    return List.copyOf(origins);
  }

  private VolumeConfig.Outgoing outgoing(String name) {
    boolean byName =
        settings.find("volumes", name, "owners").filter(o -> o.value().equals("name")).isPresent();
    return new VolumeConfig.Outgoing(
        name,
        Path.of(text("volumes", name, "root")),
        settings
            .find("volumes", name, "target")
            .map(target -> target.value().toString())
            .orElseGet(() -> settings.names("targets").getFirst()),
        texts("volumes", name, "exclude"),
        byName ? VolumeConfig.Owners.NAME : VolumeConfig.Owners.NUMERIC,
        flag("volumes", name, "replicate"),
        settings
            .find("volumes", name, "weight")
            .map(weight -> ((Long) weight.value()).intValue())
            .orElse(1));
  }

  private String text(String... key) {
    return settings.find(key).map(setting -> setting.value().toString()).orElse("");
  }

  private boolean flag(String... key) {
    return settings.find(key).filter(setting -> setting.value().equals(true)).isPresent();
  }

  private List<String> texts(String... key) {
    return settings
        .find(key)
        .map(setting ->
            ((TomlArray) setting.value()).toList().stream().map(Object::toString).toList())
        .orElse(List.of());
  }
}
