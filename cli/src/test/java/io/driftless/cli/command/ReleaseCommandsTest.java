package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.home.AgentRole;
import io.driftless.cli.home.HomeLock;
import io.driftless.cli.json.JsonText;
import io.driftless.target.session.Ownership.Written;
import io.driftless.target.session.PassRecord;
import io.driftless.target.session.TargetControl.Rival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Taking volumes over on a target and giving them back, with and without an agent. */
final class ReleaseCommandsTest {
  private static final PassRecord BEGUN =
      new PassRecord(41, "web1", ".", Samples.NOW.minusSeconds(600), Optional.empty(), "", "", 0);

  @TempDir Path home;
  @TempDir Path root;
  private CommandRun run;

  @BeforeEach
  void open() {
    run = new CommandRun(home);
    run.target.volumeRoot = root.toString();
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  private void writeConfiguration() throws IOException {
    Files.writeString(
        home.resolve("agent.toml"),
        "name = \"newhoster\"\nlisten = \":7440\"\n[volumes.www]\nroot = \"%s\"\n".formatted(root));
  }

  @Test
  void a_release_says_how_current_the_volume_is() throws IOException {
    run.target.whole =
        Optional.of(BEGUN.ended(Samples.NOW.minusSeconds(540), PassRecord.COMPLETE, "", 1));
    run.target.latest =
        Optional.of(
            new PassRecord(
                42, "web1", ".", Samples.NOW.minusSeconds(60), Optional.empty(), "", "", 0));
    run.serveTarget();

    CommandRun.Result result = run.run("target", "release", "web1/www", "--reason", "it burns");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .containsExactly(
            "www is released: web1 may not write to it",
            "  since:     2026-11-22 10:00:00 Z",
            "  reason:    it burns",
            "  current:   all that web1 had when pass 41 began, 2026-11-22 09:50:00 Z; it ended 09:51:00, 1 problem, which is not as the source has it",
            "  after it:  pass 42, which began 2026-11-22 09:59:00 Z, was cut with the agent: part of what it was to bring is here",
            "  unknown:   what the source changed after that; it can't be told here",
            "  back:      driftless target reclaim www");
  }

  @Test
  void what_is_not_known_is_said() throws IOException {
    run.serveTarget();

    assertThat(run.run("target", "release", "--all").out())
        .contains("current:   no pass has brought over everything yet: what is here is incomplete");
    assertThat(run.run("target", "release", "www", "--json").json().get("wholePass").isJsonNull())
        .isTrue();
  }

  @Test
  void a_volume_that_can_not_be_tied_up_is_released_and_the_command_fails() throws IOException {
    run.target.unfinished = Optional.of("what was under way can't be finished: Input/output error");
    run.serveTarget();

    CommandRun.Result result = run.run("target", "release", "www");

    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.err())
        .startsWith("error: half-released: www: no source may write to it, but what was under way")
        .hasLineCount(1);
  }

  @Test
  void wrong_use_is_refused() throws IOException {
    run.serveTarget();

    assertThat(run.run("target", "release").exitCode()).isEqualTo(2);
    assertThat(run.run("target", "release", "www", "--all").exitCode()).isEqualTo(2);
    assertThat(run.run("target", "release", "mail").err())
        .isEqualTo("error: unknown-volume: no volume is called mail; known: www\n");
    assertThat(run.run("target", "release", "www", "--reason", "a\nb").err())
        .startsWith("error: bad-request: the reason must be one line");
    assertThat(run.target.releases()).isEmpty();
  }

  @Test
  void what_was_not_written_to_is_given_back_at_once() throws IOException {
    run.target.quietAt = Instant.now().plusSeconds(60);
    run.serveTarget();
    run.run("target", "release", "www");

    CommandRun.Result result = run.run("target", "reclaim", "www");

    assertThat(result.out()).startsWith("www is reclaimed: web1 may write to it again\n");
    assertThat(result.exitCode()).isZero();
    assertThat(run.target.reclaimed).isEqualTo(Written.NOTHING);
  }

  @Test
  void what_was_written_to_is_given_back_only_where_that_may_be_lost() throws IOException {
    Files.writeString(root.resolve("file"), "");
    run.serveTarget();
    run.run("target", "release", "www");

    CommandRun.Result refused = run.run("target", "reclaim", "www");
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err())
        .startsWith("error: written-since-release: www: 2 entries were created or changed")
        .contains("created  file  (file, ");
    assertThat(run.target.reclaimed).isNull();

    CommandRun.Result listed = run.run("target", "reclaim", "www", "--json");
    assertThat(listed.out().lines()).hasSize(3);
    assertThat(
            JsonText.parse(listed.out().lines().toList().getLast())
                .getAsJsonObject("error")
                .get("slug")
                .getAsString())
        .isEqualTo("written-since-release");

    assertThat(run.run("target", "reclaim", "www", "--discard-changes").exitCode()).isZero();
    assertThat(run.target.reclaimed).isEqualTo(Written.SOMETHING);
  }

  @Test
  void both_do_without_an_agent() throws IOException {
    writeConfiguration();

    assertThat(run.run("target", "release", "www", "--reason", "it burns").exitCode()).isZero();
    assertThat(run.run("target", "volume", "list").out())
        .isEqualTo("www  %s  released since 10:00, it burns%n".formatted(root));
    assertThat(run.run("target", "reclaim", "www", "--discard-changes").exitCode()).isZero();
    assertThat(run.target.releases()).isEmpty();
  }

  @Test
  void an_agent_that_does_not_answer_is_not_worked_behind() throws IOException {
    writeConfiguration();
    try (var _ = HomeLock.acquire(run.home(AgentRole.TARGET))) {
      assertThat(run.run("target", "release", "www").exitCode()).isEqualTo(3);
    }
    assertThat(run.target.releases()).isEmpty();
  }

  @Test
  void a_clone_is_told_of() throws IOException {
    run.target.rival =
        new Rival(7, Samples.NOW.minusSeconds(600), Samples.NOW.minusSeconds(30), "203.0.113.5");
    run.serveTarget();

    assertThat(run.run("status").out())
        .contains(
            "web1  cloned-identity since 09:50: another process with its identity was sent away 7 times, last at 09:59, from 203.0.113.5");
  }
}
