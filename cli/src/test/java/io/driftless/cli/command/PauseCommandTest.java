package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pausing and resuming through a real control socket. */
final class PauseCommandTest {
  @TempDir Path home;
  private CommandRun run;

  @BeforeEach
  void open() {
    run = new CommandRun(home);
    run.source = new FakeSource("www", "mail");
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  @Test
  void a_pause_has_an_end_or_lasts_until_it_is_resumed() throws IOException {
    run.source.replicates("www", FakeSource.following(Duration.ofMillis(18)));
    run.serveSource();

    CommandRun.Result limited = run.run("pause", "www", "--for", "2h");
    assertThat(limited.out()).startsWith("www  is paused until 20").hasLineCount(1);
    assertThat(Duration.between(Instant.now(), run.source.pauses().get("www")))
        .isBetween(Duration.ofMinutes(119), Duration.ofHours(2));

    CommandRun.Result unlimited = run.run("pause", "--all");
    assertThat(unlimited.out()).isEqualTo("www  is paused until driftless resume www\n");
    assertThat(run.source.pauses()).containsExactly(java.util.Map.entry("www", Instant.MAX));
    assertThat(run.run("pause", "www", "--json").json().toString())
        .contains("{\"volume\":\"www\",\"paused\":true,\"pausedUntil\":null}");

    assertThat(run.run("resume", "www").out()).isEqualTo("www  goes on\n");
    assertThat(run.run("resume", "www").out()).isEqualTo("www  was not paused\n");
    assertThat(run.source.pauses()).isEmpty();
  }

  @Test
  void there_is_nothing_to_pause_where_the_target_does_not_follow() throws IOException {
    run.source.replicates("www", FakeSource.following(Duration.ZERO));
    run.serveSource();

    CommandRun.Result result = run.run("pause", "www", "mail");

    assertThat(result.err())
        .isEqualTo(
            "error: not-replicated: mail is brought over by sync only, so there is nothing to"
                + " pause; driftless replicate mail on; driftless cancel ends a pass\n");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(run.source.pauses()).isEmpty();
  }

  @Test
  void a_length_without_unit_is_refused() throws IOException {
    run.serveSource();

    assertThat(run.run("pause", "www", "--for", "2").err())
        .startsWith("error: usage: 2 has no unit");
  }

  @Test
  void status_says_how_long_a_pause_still_lasts() throws IOException {
    ReplicationStatus now = FakeSource.following(Duration.ofMinutes(1)).detail().orElseThrow();
    run.source.replicates(
        "www",
        new FakeSource.Replication(
            State.PAUSED,
            "paused until 2026-11-22T11:59:00Z",
            "driftless resume www",
            Optional.of(
                new ReplicationStatus(
                    now.lag(),
                    17,
                    0,
                    0,
                    now.watcher(),
                    "",
                    0,
                    Optional.empty(),
                    Optional.of(Samples.NOW.plus(Duration.ofMinutes(119)))))));
    run.serveSource();

    assertThat(run.run("status", "www").out())
        .contains("www  paused for 1 h 59 min, until 2026-11-22 11:59:00 Z")
        .contains("      next:      driftless resume www");
  }
}
