package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.command.FakeSource.Replication;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.VolumeStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code status --watch} through a real control socket. */
final class StatusWatchTest {
  @TempDir Path home;
  private CommandRun run;
  private int pauses;

  @BeforeEach
  void open() throws IOException {
    run = new CommandRun(home);
    run.source = new FakeSource("www");
    run.source.replicates("www", FakeSource.following(Duration.ofMillis(18)));
    run.serveSource();
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  /** The agent is away for a while, then the reader goes. */
  private void awayFor(int awayAfter, int backAfter, int endAfter) {
    run.meanwhile =
        _ -> {
          pauses++;
          try {
            if (pauses == awayAfter) {
              run.close();
            } else if (pauses == backAfter) {
              run.answerAsSource();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          if (pauses == endAfter) {
            throw new InterruptedException();
          }
        };
  }

  @Test
  void without_a_terminal_there_is_a_line_every_two_seconds_across_a_restart() {
    awayFor(1, 3, 4);

    CommandRun.Result result = run.run("status", "--watch");

    assertThat(result.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("10:00:00  www  replicating  lag 18 ms  0 dirty"),
            line ->
                assertThat(line)
                    .startsWith("10:00:02  not reachable since 10:00:02 (0 ms): the source agent"),
            line ->
                assertThat(line)
                    .startsWith("10:00:04  not reachable since 10:00:02 (2.0 s): the source agent"),
            line -> assertThat(line).isEqualTo("10:00:06  www  replicating  lag 18 ms  0 dirty"));
  }

  @Test
  void on_a_terminal_the_window_is_drawn_again() {
    run.screen = true;
    awayFor(1, 9, 2);

    String out = run.run("status", "--watch").out();

    assertThat(out)
        .startsWith("\u001b[?1049h")
        .contains("Watching     fanotify, 0 overflows\u001b[K\n")
        .contains("not reachable since 10:00:01")
        .contains("As it was before:");
  }

  @Test
  void as_json_each_line_is_an_object() {
    awayFor(9, 9, 2);

    assertThat(run.run("status", "--watch", "--json").out().lines().limit(2))
        .allMatch(
            line -> line.startsWith("{\"schema\":1") && line.contains("\"lagSeconds\":0.018"));
  }

  @Test
  void ctrl_c_is_the_normal_end() {
    run.interrupted = true;

    assertThat(run.run("status", "--watch").exitCode()).isZero();
  }

  @Test
  void status_says_how_changes_are_noticed_and_what_is_in_doubt() {
    run.source.replicates(
        "www",
        new Replication(
            State.CATCHING_UP,
            "",
            "",
            Optional.of(
                new ReplicationStatus(
                    Optional.of(Duration.ofMinutes(4)),
                    1_204,
                    1,
                    2,
                    "inotify",
                    "fanotify needs CAP_SYS_ADMIN",
                    3,
                    Optional.of("changes came too fast"),
                    Optional.empty()))));

    assertThat(run.run("status").out())
        .contains("www     catching-up  4 min  1,204")
        .contains("www  in doubt until a pass has looked: changes came too fast\n")
        .contains("www  1 file does not hold still while they are read, and come again\n")
        .contains("www  2 problems since the last pass; the agent's log names them\n")
        .contains("Watching     inotify (fanotify needs CAP_SYS_ADMIN), 3 overflows\n");
  }
}
