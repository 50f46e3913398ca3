package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.config.Configuration;
import io.driftless.cli.config.VolumeConfig;
import io.driftless.cli.home.AgentRole;
import io.driftless.cli.outcome.CommandFailure;
import io.driftless.cli.outcome.ExitCode;
import io.driftless.source.session.PassProgress.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that set agents up, and a copy. */
final class SetUpCommandsTest {
  @TempDir Path directory;
  private Path root;
  private CommandRun run;

  @BeforeEach
  void open() throws IOException {
    root = Files.createDirectory(directory.resolve("www")).toRealPath();
    run = new CommandRun(directory.resolve("home"));
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  private CommandRun.Result init(String volume, String... more) {
    var arguments =
        new java.util.ArrayList<>(
            java.util.List.of(
                "target", "init", "--listen", ":7440", "--name", "nh", "--volume", volume));
    arguments.addAll(java.util.List.of(more));
    return run.run(arguments.toArray(String[]::new));
  }

  @Test
  void init_writes_a_configuration_that_can_be_read() throws IOException {
    CommandRun.Result result = init("www=" + root);

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    var config = Configuration.read(run.home(AgentRole.TARGET)).target();
    assertThat(config.listen()).isEqualTo(":7440");
    assertThat(config.volumes()).containsExactly(new VolumeConfig.Incoming("www", root, false));
  }

  @Test
  void init_never_rewrites_a_configuration() {
    init("www=" + root);

    CommandRun.Result again = init("www=" + root);

    assertThat(again.err()).startsWith("error: already-set-up: ").hasLineCount(1);
    assertThat(again.exitCode()).isEqualTo(5);
  }

  @Test
  void init_refuses_a_dangerous_root_and_leaves_nothing_behind() {
    CommandRun.Result result = init("all=/etc");

    assertThat(result.err())
        .isEqualTo(
            "error: target-root: /etc belongs to the running system;"
                + " choose a directory of its own, or pass --force-root if you are certain\n");
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(run.home).doesNotExist();
  }

  @Test
  void init_refuses_a_root_that_holds_its_own_home() {
    assertThat(init("all=" + directory).err()).contains("overlaps with " + run.home);
    assertThat(init("all=" + directory, "--force-root").exitCode()).isZero();
  }

  @Test
  void init_says_what_is_wrong_with_its_arguments() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThat(init("www").err()).startsWith("error: usage: --volume needs NAME=PATH");
    assertThat(init("www=relative").err()).contains("is relative");
    assertThat(init("-x=" + root).err()).contains("not a volume name");
    assertThat(init("www=" + file).err()).startsWith("error: root-not-a-directory: ");
    assertThat(init("www=" + directory.resolve("none")).err()).contains("mkdir -p");
    assertThat(init("www=" + root, "--volume", "www=" + root).err()).contains("named twice");
    assertThat(run.run("target", "init").exitCode()).isEqualTo(2);
  }

  @Test
  void join_keeps_what_it_got_and_prints_the_next_command() throws IOException {
    run.stdin = "dl1.abc\n";

    CommandRun.Result result =
        run.run("source", "join", "-", "--name", "Web1", "--volume", "www=" + root);

    assertThat(result.out()).contains("web1 has joined newhoster (203.0.113.7:7440)");
    assertThat(result.out()).contains("next: driftless --home " + run.home + " source run");
    assertThat(run.joins)
        .singleElement()
        .satisfies(request -> assertThat(request.token()).isEqualTo("dl1.abc"));
    var config = Configuration.read(run.home(AgentRole.SOURCE)).source();
    assertThat(config.volumes()).extracting(VolumeConfig::root).containsExactly(root);
    assertThat(config.targets()).containsKey("newhoster");
  }

  @Test
  void a_token_is_not_used_up_by_what_can_be_seen_before() {
    run.run("source", "join", "dl1.a", "--name", "w", "--volume", "www=" + root);

    CommandRun.Result again =
        run.run("source", "join", "dl1.b", "--name", "w", "--volume", "www=" + root);
    CommandRun.Result missing =
        run.run("source", "join", "dl1.c", "--name", "w", "--volume", "x=/does/not/exist");

    assertThat(again.err()).startsWith("error: volume-exists: ");
    assertThat(missing.err()).startsWith("error: root-missing: ");
    assertThat(run.joins).hasSize(1);
  }

  @Test
  void invite_prints_the_token_alone() throws IOException {
    Files.createDirectory(run.home);
    run.serveTarget();

    CommandRun.Result result =
        run.run("target", "invite", "--agent", "web1", "--address", "h.example", "--ttl", "2h");

    assertThat(result.out()).isEqualTo("dl1.token\n");
    assertThat(run.target.invitations())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.agent()).isEqualTo(Optional.of("web1"));
          assertThat(request.addresses()).containsExactly("h.example:7440");
          assertThat(request.validFor()).isEqualTo(Duration.ofHours(2));
        });
    assertThat(run.run("target", "invite", "--volume", "nothing").err())
        .isEqualTo(
            "error: invitation: no volume is called nothing; driftless status shows what this target"
                + " has\n");
    assertThat(run.run("target", "invite", "--ttl", "2").exitCode()).isEqualTo(2);
  }

  @Test
  void invite_with_a_path_makes_the_volume_once() throws IOException {
    Files.createDirectory(run.home);
    run.serveTarget();
    String volume = "www=" + root;

    assertThat(run.run("target", "invite", "--volume", volume).out()).isEqualTo("dl1.token\n");
    assertThat(run.run("target", "invite", "--volume", volume).exitCode()).isZero();

    assertThat(Configuration.read(run.home(AgentRole.TARGET)).target().volumes())
        .containsExactly(new VolumeConfig.Incoming("www", root, false));
    assertThat(run.home.resolve("agent.toml")).content().doesNotContain("www");
    assertThat(run.home.resolve("conf.d/90-local.toml"))
        .content()
        .containsOnlyOnce("[volumes.www]");
    assertThat(run.reloads).isEqualTo(2);
    assertThat(run.target.invitations())
        .allSatisfy(request -> assertThat(request.volumes()).containsExactly("www"));
  }

  @Test
  void invite_lets_a_new_root_through_the_guard_only() throws IOException {
    Files.createDirectory(run.home);
    run.serveTarget();
    Path inner = Files.createDirectory(root.resolve("inner"));
    run.run("target", "invite", "--volume", "www=" + root);

    CommandRun.Result etc = run.run("target", "invite", "--volume", "all=/etc");
    CommandRun.Result overlap = run.run("target", "invite", "--volume", "in=" + inner);
    CommandRun.Result moved = run.run("target", "invite", "--volume", "www=" + inner);
    CommandRun.Result own = run.run("target", "invite", "--volume", "own=" + run.home);

    assertThat(etc.err()).startsWith("error: target-root: /etc belongs").hasLineCount(1);
    assertThat(etc.exitCode()).isEqualTo(4);
    assertThat(overlap.err()).contains("overlaps with " + root);
    assertThat(own.err()).contains("overlaps with " + run.home);
    assertThat(moved.err()).startsWith("error: volume-exists: volume www has the root " + root);
    assertThat(run.target.invitations()).hasSize(1);
    assertThat(Configuration.read(run.home(AgentRole.TARGET)).volumeNames()).containsExactly("www");
    String forced = "in=" + inner;
    assertThat(run.run("target", "invite", "--force-root", "--volume", forced).exitCode()).isZero();
  }

  @Test
  void invite_writes_nothing_for_an_agent_that_does_not_answer() throws IOException {
    init("www=" + root);
    Path other = Files.createDirectory(directory.resolve("other"));

    CommandRun.Result result = run.run("target", "invite", "--volume", "other=" + other);

    assertThat(result.err()).startsWith("error: agent-unreachable: ").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(run.home.resolve("conf.d")).doesNotExist();
  }

  @Test
  void join_beside_a_running_agent_is_taken_up_at_once() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    run.run("source", "join", "dl1.a", "--name", "w", "--volume", "www=" + root);
    run.answerAsSource();

    CommandRun.Result result =
        run.run("source", "join", "dl1.b", "--name", "w", "--volume", "other=" + other);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).endsWith("next: driftless --home %s seed other\n".formatted(run.home));
    assertThat(result.err()).isEmpty();
    assertThat(run.reloads).isEqualTo(1);
  }

  @Test
  void join_beside_an_agent_that_takes_nothing_up_says_that_it_has_to_be_restarted()
      throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    run.run("source", "join", "dl1.a", "--name", "w", "--volume", "www=" + root);
    run.answerAsSource();
    run.reloadFailure =
        new CommandFailure(ExitCode.USAGE, "restart-needed", "name has changed", "restart it");

    CommandRun.Result result =
        run.run("source", "join", "dl1.b", "--name", "w", "--volume", "other=" + other);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("next: restart the agent, then ");
    assertThat(Configuration.read(run.home(AgentRole.SOURCE)).volumeNames())
        .containsExactly("other", "www");
  }

  @Test
  void a_volume_is_added_listed_and_removed_while_no_agent_runs() throws IOException {
    run.run("source", "join", "dl1.a", "--name", "w", "--volume", "www=" + root);
    Path mail = Files.createDirectory(directory.resolve("mail"));

    CommandRun.Result added =
        run.run("source", "volume", "add", "mail=" + mail, "--exclude", "*.swp");
    CommandRun.Result again = run.run("source", "volume", "add", "mail=" + mail);
    CommandRun.Result listed = run.run("source", "volume", "list");
    CommandRun.Result removed = run.run("source", "volume", "remove", "www");
    CommandRun.Result unknown = run.run("source", "volume", "remove", "www");

    String home = "driftless --home " + run.home;
    assertThat(added.out())
        .isEqualTo(
            "mail goes to newhoster%nnext: %s source run, then %s seed mail%n"
                .formatted(home, home));
    assertThat(again.err()).startsWith("error: volume-exists: ").hasLineCount(1);
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(listed.out())
        .isEqualTo(
            """
            mail  %s  to newhoster  without *.swp
            www   %s  to newhoster
            """
                .formatted(mail, root));
    assertThat(removed.out())
        .isEqualTo("www is no volume of this source any more; its files and its history stay\n");
    assertThat(unknown.err())
        .isEqualTo("error: unknown-volume: no volume is called www; known: mail\n");
    assertThat(run.home.resolve("agent.toml")).content().contains("[volumes.www]");
  }

  @Test
  void a_volume_that_was_removed_can_come_again_from_elsewhere() throws IOException {
    Path mail = Files.createDirectory(directory.resolve("mail"));
    run.run("source", "join", "dl1.a", "--name", "w", "--volume", "www=" + root);
    run.run("source", "volume", "remove", "www");

    run.run("source", "volume", "add", "www=" + mail);

    assertThat(Configuration.read(run.home(AgentRole.SOURCE)).volumeRoots()).containsExactly(mail);
    run.run("source", "volume", "remove", "www");
    assertThat(Configuration.read(run.home(AgentRole.SOURCE)).volumeNames()).isEmpty();
    assertThat(run.home.resolve("conf.d/90-local.toml"))
        .content()
        .containsOnlyOnce("[volumes.www]");
  }

  @Test
  void what_the_running_agent_refuses_has_not_been_written() throws IOException {
    Path mail = Files.createDirectory(directory.resolve("mail"));
    run.run("source", "join", "dl1.a", "--name", "w", "--volume", "www=" + root);
    run.answerAsSource();
    run.reloadFailure =
        new CommandFailure(ExitCode.USAGE, "restart-needed", "name has changed", "restart it");

    CommandRun.Result added = run.run("source", "volume", "add", "mail=" + mail);
    CommandRun.Result reloaded = run.run("reload");

    assertThat(added.err()).isEqualTo("error: restart-needed: name has changed; restart it\n");
    assertThat(added.exitCode()).isEqualTo(2);
    assertThat(reloaded.err()).isEqualTo(added.err());
    assertThat(run.home.resolve("conf.d/90-local.toml")).doesNotExist();
  }

  @Test
  void reload_names_what_the_agent_has() throws IOException {
    Files.createDirectory(run.home);
    run.serveSource();

    assertThat(run.run("reload").out())
        .isEqualTo("web1 has taken up its configuration; volumes: www\n");
    assertThat(run.reloads).isEqualTo(1);
  }

  @Test
  void a_target_takes_up_a_volume_and_lets_it_go() throws IOException {
    init("www=" + root);
    run.target = new FakeTarget();
    Path mail = Files.createDirectory(directory.resolve("mail"));

    CommandRun.Result inner = run.run("target", "volume", "add", "in=" + run.home);
    CommandRun.Result added = run.run("target", "volume", "add", "mail=" + mail);

    assertThat(inner.exitCode()).isEqualTo(4);
    assertThat(added.out()).startsWith("mail is a volume of this target\nnext: ");
    assertThat(run.run("target", "volume", "remove", "www").exitCode()).isZero();
    assertThat(run.run("target", "volume", "list").out()).isEqualTo("mail  " + mail + "\n");
  }

  @Test
  void agents_are_listed_and_revoked() throws IOException {
    Files.createDirectory(run.home);
    run.serveTarget();

    assertThat(run.run("target", "agents").out())
        .isEqualTo(
            """
            AGENT  VOLUMES  CONNECTION          LAST SEEN    CERTIFICATE UNTIL      ID
            web1   www      198.51.100.9:50122  today 10:00  2026-11-28 10:00:00 Z  3f2a
            """);
    assertThat(run.run("target", "revoke", "web1").exitCode()).isZero();
    assertThat(run.run("target", "revoke", "web1").err())
        .startsWith("error: unknown-agent: no agent is called web1");
  }

  @Test
  void copy_makes_its_target_and_shows_the_report() {
    Path made = directory.resolve("made");
    run.source = new FakeSource("copy");
    run.source.script(
        "copy", Samples.progress("copy", Phase.WALKING, 1, 2), Samples.ended(Samples.done("copy")));

    CommandRun.Result result =
        run.runBare("copy", root.toString(), made.toString(), "--exclude", "*.tmp", "--json");

    assertThat(result.exitCode()).isZero();
    assertThat(result.json().get("outcome").getAsString()).isEqualTo("done");
    assertThat(run.copies)
        .singleElement()
        .satisfies(request -> assertThat(request.exclude()).containsExactly("*.tmp"));
    assertThat(made).isDirectory();
  }

  @Test
  void copy_refuses_a_target_in_its_source_and_leaves_nothing_behind() {
    CommandRun.Result result =
        run.runBare("copy", root.toString(), root.resolve("inner").toString());

    assertThat(result.err()).startsWith("error: target-root: ").contains("overlaps with " + root);
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(root.resolve("inner")).doesNotExist();
  }

  @Test
  void copy_of_a_missing_source_says_so() {
    CommandRun.Result result = run.runBare("copy", directory.resolve("none").toString(), "/tmp/x");

    assertThat(result.err()).startsWith("error: root-missing: ").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(2);
  }
}
