package io.driftless.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.Home;
import io.driftless.cli.home.Homes;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.protocol.linux.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ConfigurationTest {
  @TempDir Path directory;

  private List<String> flaws(AgentRole role, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("agent.toml"), text);
    return Configuration.read(role, file).flaws().stream()
        .map(flaw -> flaw.toString().replace(directory + "/", ""))
        .toList();
  }

  @Test
  void everything_that_the_design_shows_is_accepted() throws IOException {
    List<String> flaws =
        flaws(
            AgentRole.SOURCE,
            """
            name = "web1"
            lanes = 2
            http = "127.0.0.1:9440"
            [targets.newhoster]
            addresses = ["203.0.113.7:7440"]
            [volumes.www]
            root = "/srv/www"
            target = "newhoster"
            exclude = ["*.swp", "/cache/"]
            owners = "numeric"
            replicate = true
            [guards]
            delete-share = "25%"
            [throttle]
            zone = "Europe/Berlin"
            base = "80mbit"
            windows = [ { id = "w1", when = "mon-fri 08:00-18:00", rate = "20mbit", disk = "10m/s" } ]
            [alarm]
            lag = "5s"
            run = ["/usr/local/bin/notify", "driftless"]
            """);

    assertThat(flaws).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lanse = 2|agent.toml:2:1: unknown key lanse; did you mean lanes?",
        "lanes = 17|agent.toml:2:1: lanes: expected a whole number in 1..16, found 17",
        "lanes = \"2\"|agent.toml:2:1: lanes: expected a whole number in 1..16, found \"2\"",
        "volumes.www.roots = \"/a\"|agent.toml:2:1: unknown key volumes.www.roots; did you mean volumes.www.root?",
        "volumes.www.root = \"a\"|agent.toml:2:1: volumes.www.root: expected an absolute path, such as \"/srv/www\", found \"a\"",
        "volumes.www.owners = \"uid\"|agent.toml:2:1: volumes.www.owners: expected one of name, numeric, found \"uid\"",
        "throttle.base = \"20m\"|agent.toml:2:1: throttle.base: 20m could mean two rates; write 20mbit (bits) or 20m/s (bytes)",
        "throttle.base = 20|agent.toml:2:1: throttle.base: expected a rate in quotes, found 20, which could mean \"20mbit\" (bits) or \"20m/s\" (bytes)",
        "throttle.disk = 20|agent.toml:2:1: throttle.disk: expected a rate in quotes, found 20, which could mean \"20mbit\" (bits) or \"20m/s\" (bytes)",
        "throttle.disk = \"20m\"|agent.toml:2:1: throttle.disk: 20m could mean two rates; write 20mbit (bits) or 20m/s (bytes)",
        "throttle.disk = \"20mbps\"|agent.toml:2:1: throttle.disk: 20mbps could mean two rates; write 20mbit (bits) or 20m/s (bytes)",
        "throttle.dsk = \"20m/s\"|agent.toml:2:1: unknown key throttle.dsk; did you mean throttle.disk?",
        "throttle.disk = 0|agent.toml:2:1: throttle.disk: expected a rate in quotes, such as \"20mbit\", found 0",
        "throttle.walk = 2000|agent.toml:2:1: throttle.walk: expected a number of entries in quotes, such as \"2000/s\", found 2000",
        "throttle.walk = \"2000\"|agent.toml:2:1: throttle.walk: not a number of entries a second: 2000; write for example 2000/s",
        "throttle.walk = \"20m/s\"|agent.toml:2:1: throttle.walk: not a number of entries a second: 20m/s; write for example 2000/s",
        "throttle.priority = \"idle\"|agent.toml:2:1: throttle.priority: expected one of low, normal, found \"idle\"",
        "throttle.zone = \"Berlin\"|agent.toml:2:1: throttle.zone: expected a time zone, such as \"Europe/Berlin\", found \"Berlin\"",
        "alarm.lag = \"5\"|agent.toml:2:1: alarm.lag: 5 has no unit; write 5s (seconds) or 5m (minutes)",
        "guards.delete-share = \"125%\"|agent.toml:2:1: guards.delete-share: expected a percentage in quotes, such as \"25%\", found \"125%\"",
        "targets.new.addresses = [\"host\"]|agent.toml:2:1: targets.new.addresses: expected HOST:PORT, such as \"203.0.113.7:7440\", found \"host\"",
        "throttle.walk = \"2000/min\"|agent.toml:2:1: throttle.walk: not a number of entries a second: 2000/min; write for example 2000/s",
        "throttle.base = \"-5mbit\"|agent.toml:2:1: throttle.base: not a rate: -5mbit; write for example 20mbit or 2.5m/s",
        "throttle.base = \"5000gbit\"|agent.toml:2:1: throttle.base: a rate is in 0..1000gbit",
        "throttle.yield-io = \"0%\"|agent.toml:2:1: throttle.yield-io: expected more than 0%, found \"0%\"",
        "throttle.windows = [ { when = \"mon\", rate = \"1mbit\" } ]|agent.toml:2:1: throttle.windows: a window needs id, when, and one of rate, disk, walk",
        "throttle.windows = [ { id = \"a\", when = \"mon\" } ]|agent.toml:2:1: throttle.windows: a window needs id, when, and one of rate, disk, walk",
        "throttle.windows = [ { id = \"a\", when = \"mo 8-18\", rate = \"1mbit\" } ]|agent.toml:2:1: throttle.windows: when: mo is no day; they are mon tue wed thu fri sat sun, daily, or dates such as 2026-12-24",
        "throttle.windows = [ { id = \"a\", when = \"mon\", rate = \"20m\" } ]|agent.toml:2:1: throttle.windows: rate: 20m could mean two rates; write 20mbit (bits) or 20m/s (bytes)",
        "throttle.windows = [ { id = \"a\", when = \"mon\", speed = \"1mbit\" } ]|agent.toml:2:1: throttle.windows: a window has id, when, rate, disk, walk, not speed",
        "throttle.windows = [ { id = \"a\", when = \"mon\", rate = \"1mbit\" }, { id = \"a\", when = \"tue\", rate = \"2mbit\" } ]|agent.toml:2:1: throttle.windows: two windows have the id a",
        "volumes.www.weight = 0|agent.toml:2:1: volumes.www.weight: expected a whole number in 1..100, found 0",
        "throttle = 5|agent.toml:2:1: throttle is a table: write [throttle]",
        "frobnicate = 5|agent.toml:2:1: unknown key frobnicate",
      })
  void a_flaw_names_file_line_column_and_what_to_write(String line, String expected)
      throws IOException {
    assertThat(flaws(AgentRole.SOURCE, "name = \"web1\"\n" + line + "\n")).contains(expected);
  }

  @Test
  void all_flaws_are_told_at_once() throws IOException {
    assertThat(flaws(AgentRole.SOURCE, "name = 1\nlanes = 99\nx = 1\n")).hasSize(3);
  }

  @Test
  void what_is_no_toml_is_told_with_its_place() throws IOException {
    assertThat(flaws(AgentRole.SOURCE, "name = \n"))
        .singleElement()
        .satisfies(flaw -> assertThat(flaw).startsWith("agent.toml:1:8: "));
  }

  @Test
  void what_is_missing_is_told_with_an_example() throws IOException {
    assertThat(flaws(AgentRole.TARGET, ""))
        .containsExactly(
            "agent.toml: name is missing; write for example name = \"web1\"",
            "agent.toml: listen is missing; write for example listen = \":7440\"");
  }

  @Test
  void a_volume_needs_a_target_that_exists() throws IOException {
    String text = "name = \"a\"\nvolumes.w.root = \"/w\"\nvolumes.w.target = \"nohoster\"\n";

    assertThat(flaws(AgentRole.SOURCE, text + "targets.new.addresses = [\"h:1\"]\n"))
        .containsExactly("agent.toml:3:1: volumes.w.target: there is no such target; known: new");
  }

  @Test
  void the_local_file_is_read_last_and_overrides() throws IOException {
    Home home = home();
    Files.writeString(home.config(), "name = \"web1\"\nlanes = 2\n");
    Files.createDirectory(home.configAdditions());
    Files.writeString(home.configAdditions().resolve("95-mine.toml"), "lanes = 3\n");
    Files.writeString(home.localConfig(), "lanes = 4\n");

    Configuration configuration = Configuration.read(home);

    assertThat(configuration.source().lanes()).isEqualTo(4);
    assertThat(configuration.origins())
        .contains("lanes = 4  # " + home.localConfig() + ":1:1")
        .contains("throttle.base = \"unlimited\"  # default");
  }

  @ParameterizedTest
  @EnumSource(AgentRole.class)
  void both_agents_are_told_how_fast_their_disk_may_be_read(AgentRole role) throws IOException {
    String common = "name = \"a\"\nlisten = \":7440\"\n";
    String text = role == AgentRole.TARGET ? common : "name = \"a\"\n";
    var found = new java.util.ArrayList<OptionalLong>();
    for (String line : List.of("", "throttle.disk = \"10m/s\"", "throttle.disk = \"0\"")) {
      Path file = Files.writeString(directory.resolve("agent.toml"), text + line + "\n");
      Configuration read = Configuration.read(role, file);
      ThrottleConfig throttle =
          role == AgentRole.SOURCE ? read.source().throttle() : read.target().throttle();
      found.add(throttle.calendar().base().disk().asOptional());
    }

    assertThat(found)
        .containsExactly(OptionalLong.empty(), OptionalLong.of(10 << 20), OptionalLong.of(0));
    assertThat(Configuration.read(role, Files.writeString(directory.resolve("b"), text)).origins())
        .contains("throttle.disk = \"unlimited\"  # default");
  }

  @ParameterizedTest
  @CsvSource({
    "'', , LOW",
    "walk = \"2000/s\", 2000, LOW",
    "walk = \"0\", 0, LOW",
    "walk = \"unlimited\", , LOW",
    "priority = \"normal\", , NORMAL"
  })
  void a_source_is_told_how_its_passes_make_room_for_others(
      String line, Long walk, Priority priority) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("agent.toml"), "name = \"a\"\n[throttle]\n" + line + "\n");

    ThrottleConfig found = Configuration.read(AgentRole.SOURCE, file).source().throttle();

    assertThat(found.calendar().base().walk().asOptional())
        .isEqualTo(walk == null ? OptionalLong.empty() : OptionalLong.of(walk));
    assertThat(found.priority()).isEqualTo(priority);
  }

  @Test
  void a_flawed_configuration_is_not_taken_at_all() throws IOException {
    Path file = Files.writeString(directory.resolve("agent.toml"), "name = \"a\"\nx = 1\ny = 2\n");
    Configuration configuration = Configuration.read(AgentRole.SOURCE, file);

    assertThatThrownBy(configuration::source)
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("unknown key x")
        .hasMessageContaining("and 1 more");
  }

  @Test
  void what_the_command_line_writes_can_be_read_again_whatever_the_path_is() throws IOException {
    Home home = home();
    var targets = new TreeMap<>(java.util.Map.of("new.hoster", List.of("[2001:db8::7]:7440")));
    var odd = Path.of("/srv/a \"b\"\\c\n\u001b[2J");
    var first =
        new VolumeConfig.Outgoing(
            "a.b", odd, "new.hoster", List.of("*.tmp"), VolumeConfig.Owners.NUMERIC, false, 1);
    var second =
        new VolumeConfig.Outgoing(
            "c", Path.of("/c"), "new.hoster", List.of(), VolumeConfig.Owners.NUMERIC, false, 1);
    var writer = new ConfigWriter(home);

    writer.addToSource(new SourceConfig("web1", 2, targets, List.of(first), ThrottleConfig.none()));
    writer.addToSource(
        new SourceConfig("web1", 2, new TreeMap<>(), List.of(second), ThrottleConfig.none()));

    SourceConfig read = Configuration.read(home).source();
    assertThat(read.volumes()).containsExactly(first, second);
    assertThat(read.targets()).isEqualTo(targets);
    assertThat(Files.readString(home.config())).doesNotContain("[volumes.c]");
    assertThat(Files.readString(home.localConfig())).contains("[volumes.c]");
  }

  private Home home() throws IOException {
    return new Homes(Path.of("/"), Optional.of(directory), Optional.empty()).of(AgentRole.SOURCE);
  }
}
