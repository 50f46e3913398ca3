package io.driftless.cli.config;

import io.driftless.cli.home.Home;
import io.driftless.cli.home.OwnFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes configuration for an agent that is being set up.
 *
 * <p>A first file is written where there is none; where a person has one, additions go to the file
 * that belongs to the command line. Files are replaced as a whole.
 */
public final class ConfigWriter {
  private static final String THROTTLE = "[throttle]";

  private final Home home;

  public ConfigWriter(Home home) {
    this.home = home;
  }

  /** Writes the first configuration of a target. */
  public void writeTarget(TargetConfig config) throws IOException {
    var text = new StringBuilder();
    text.append("name = %s\n".formatted(KeyText.text(config.name())));
    text.append("listen = %s\n".formatted(KeyText.text(config.listen())));
    OwnFile.replace(home.config(), text + tables(config.volumes()));
  }

  /** Adds volumes to the configuration of a target that is there. */
  public void addToTarget(List<VolumeConfig.Incoming> added) throws IOException {
    forget(added);
    append(tables(added));
  }

  /** What was removed before may come again under the same name. */
  private void forget(List<? extends VolumeConfig> added) throws IOException {
    String text = local();
    for (VolumeConfig volume : added) {
      text = without(volume.name(), text);
    }
    restore(text);
  }

  /** Writes the first configuration of a source, or adds what is new to the one that is there. */
  public void addToSource(SourceConfig added) throws IOException {
    if (!Files.exists(home.config())) {
      OwnFile.replace(
          home.config(), "name = %s\n".formatted(KeyText.text(added.name())) + tables(added));
      return;
    }
    forget(added.volumes());
    append(tables(added));
  }

  /**
   * Takes a volume out. A file that a person wrote is left alone: the command line's own says that
   * what stands there counts no more.
   */
  public void remove(String volume) throws IOException {
    if (Files.exists(home.localConfig())) {
      OwnFile.replace(home.localConfig(), without(volume, local()));
    }
    if (Configuration.read(home).volumeNames().contains(volume)) {
      append("\n%s\nremoved = true\n".formatted(header(volume)));
    }
  }

  /** Has the target of a volume follow by itself, or no longer. */
  public void replicate(String volume, boolean on) throws IOException {
    set(header(volume), "replicate", String.valueOf(on));
  }

  /** Sets a text of the throttle. */
  public void throttle(String key, String value) throws IOException {
    set(THROTTLE, key, KeyText.text(value));
  }

  /** Replaces all windows of the throttle. */
  public void windows(List<WindowText> windows) throws IOException {
    set(
        THROTTLE,
        "windows",
        windows.stream().map(WindowText::toml).collect(Collectors.joining(", ", "[", "]")));
  }

  private void set(String header, String key, String value) throws IOException {
    String said = key + " = ";
    var text = new StringBuilder();
    boolean within = false;
    boolean isSaid = false;
    for (String line : local().lines().toList()) {
      if (line.startsWith("[")) {
        within = line.equals(header);
      }
      if (!within || !line.startsWith(said)) {
        text.append(line).append('\n');
      }
      if (line.equals(header)) {
        text.append(said).append(value).append('\n');
        isSaid = true;
      }
    }
    restore(text.toString());
    if (!isSaid) {
      append("\n%s\n%s%s\n".formatted(header, said, value));
    }
  }

  /** The command line's own file as it is, empty where there is none. */
  public String local() throws IOException {
    return Files.exists(home.localConfig()) ? Files.readString(home.localConfig()) : "";
  }

  /** Puts the command line's own file back as {@link #local} said that it was. */
  public void restore(String local) throws IOException {
    if (local.isEmpty()) {
      Files.deleteIfExists(home.localConfig());
    } else {
      OwnFile.replace(home.localConfig(), local);
    }
  }

  private static String header(String volume) {
    return "[volumes.%s]".formatted(KeyText.part(volume));
  }

  /** The text without the table of a volume, which ends where the next begins. */
  private static String without(String volume, String text) {
    var kept = new StringBuilder();
    boolean within = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith("[")) {
        within = line.equals(header(volume));
      }
      if (!within) {
        kept.append(line).append('\n');
      }
    }
    return kept.toString();
  }

  private void append(String tables) throws IOException {
    if (!Files.isDirectory(home.configAdditions())) {
      Files.createDirectory(
          home.configAdditions(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path local = home.localConfig();
    String before =
        Files.exists(local)
            ? Files.readString(local)
            : "# Written by the command line; read last.\n";
    OwnFile.replace(local, before + tables);
  }

  private static String tables(List<VolumeConfig.Incoming> volumes) {
    var text = new StringBuilder();
    for (VolumeConfig.Incoming volume : volumes) {
      text.append("\n%s\n".formatted(header(volume.name())));
      text.append("root = %s\n".formatted(KeyText.text(volume.root().toString())));
      if (volume.mounted()) {
        text.append("mounted = true # a file system was mounted here at first; wait for it\n");
      }
    }
    return text.toString();
  }

  private static String tables(SourceConfig added) {
    var text = new StringBuilder();
    added
        .targets()
        .forEach((name, addresses) ->
            text.append("\n[targets.%s]\n".formatted(KeyText.part(name)))
                .append("addresses = %s\n".formatted(list(addresses))));
    for (VolumeConfig.Outgoing volume : added.volumes()) {
      text.append("\n%s\n".formatted(header(volume.name())));
      text.append("root = %s\n".formatted(KeyText.text(volume.root().toString())));
      text.append("target = %s\n".formatted(KeyText.text(volume.target())));
      if (!volume.exclude().isEmpty()) {
        text.append("exclude = %s\n".formatted(list(volume.exclude())));
      }
    }
    return text.toString();
  }

  private static String list(List<String> values) {
    return values.stream().map(KeyText::text).collect(Collectors.joining(", ", "[", "]"));
  }
}
