package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.command.FakeSource.Replication;
import io.driftless.source.session.VolumeStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One line for monitoring, through a real control socket. */
final class CheckCommandTest {
  @TempDir Path home;
  private CommandRun run;

  @BeforeEach
  void open() throws IOException {
    run = new CommandRun(home);
    run.source = new FakeSource("www");
    run.serveSource();
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  private void assertCheck(int exitCode, String line, String... options) {
    var arguments = new java.util.ArrayList<>(java.util.List.of("check"));
    arguments.addAll(java.util.List.of(options));
    CommandRun.Result result = run.run(arguments.toArray(String[]::new));
    assertThat(result.out()).isEqualTo(line + "\n");
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void lag_is_well_then_a_warning_then_critical() {
    run.source.replicates("www", FakeSource.following(Duration.ofMillis(18)));
    assertCheck(0, "DRIFTLESS OK - www lag 18 ms | www_lag=0.018s;15;30;0 www_dirty=0;;;0");
    run.source.replicates("www", FakeSource.following(Duration.ofSeconds(16)));
    assertCheck(1, "DRIFTLESS WARNING - www lag 16 s | www_lag=16s;15;30;0 www_dirty=0;;;0");
    assertCheck(
        2,
        "DRIFTLESS CRITICAL - www lag 16 s | www_lag=16s;2.500;5;0 www_dirty=0;;;0",
        "--max-lag",
        "5s");
  }

  @Test
  void what_stands_still_is_critical_whatever_the_lag() {
    run.source.replicates(
        "www",
        new Replication(
            State.HELD,
            "312 entries | vanish",
            "look",
            FakeSource.following(Duration.ZERO).detail()));
    assertCheck(
        2,
        "DRIFTLESS CRITICAL - www held: 312 entries / vanish; www lag 0 ms"
            + " | www_lag=0s;15;30;0 www_dirty=0;;;0");
  }

  @Test
  void a_pause_is_a_warning() {
    run.source.replicates(
        "www",
        new Replication(State.PAUSED, "paused", "", FakeSource.following(Duration.ZERO).detail()));
    assertCheck(
        1, "DRIFTLESS WARNING - www paused; www lag 0 ms | www_lag=0s;15;30;0 www_dirty=0;;;0");
  }

  @Test
  void lag_that_is_not_known_is_never_well() {
    var unknown =
        new Replication(
            State.CATCHING_UP,
            "",
            "",
            FakeSource.following(Duration.ZERO)
                .detail()
                .map(now ->
                    new io.driftless.source.session.ReplicationStatus(
                        Optional.empty(),
                        0,
                        0,
                        0,
                        "fanotify",
                        "",
                        0,
                        Optional.empty(),
                        Optional.empty())));
    run.source.replicates("www", unknown);
    assertCheck(
        1,
        "DRIFTLESS WARNING - www lag unknown, nothing has been brought over yet | www_dirty=0;;;0");
  }

  @Test
  void without_replication_the_last_good_pass_must_not_be_too_old() {
    run.source.finished(Samples.done("www"));
    assertCheck(0, "DRIFTLESS OK - www passed 1 h 22 min ago | www_age=4920s;;93600;0");
    assertCheck(
        2,
        "DRIFTLESS CRITICAL - www passed 1 h 22 min ago | www_age=4920s;;3600;0",
        "--max-age",
        "1h");
    run.source.finished(Samples.failed("www", "source-root"));
    assertCheck(0, "DRIFTLESS OK - www passed 1 h 22 min ago | www_age=4920s;;93600;0");
  }

  @Test
  void a_target_that_is_away_is_critical() {
    run.source.peers(Samples.disconnected());
    run.source.finished(Samples.done("www"));
    assertCheck(
        2,
        "DRIFTLESS CRITICAL - newhoster not connected for 30 s: connection refused;"
            + " www passed 1 h 22 min ago | www_age=4920s;;93600;0");
  }

  @Test
  void an_agent_that_does_not_answer_is_unknown() throws IOException {
    run.close();

    CommandRun.Result result = run.run("check");

    assertThat(result.out()).startsWith("DRIFTLESS UNKNOWN - agent-unreachable: ").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(run.run("check", "--max-lag", "5").exitCode()).isEqualTo(3);
  }
}
