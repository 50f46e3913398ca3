package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.BarrierStatus.Part;
import io.driftless.source.session.BarrierStatus.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Barriers through a real control socket. */
final class BarrierCommandTest {
  @TempDir Path home;
  private CommandRun run;

  @BeforeEach
  void open() throws IOException {
    run = new CommandRun(home);
    run.source = new FakeSource("www", "mail");
    run.serveSource();
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  private static Part part(String volume, Verdict verdict, String missing, String next) {
    return new Part(volume, verdict, missing, next, 7, List.of());
  }

  private static BarrierStatus barrier(Part... parts) {
    return new BarrierStatus(
        3, Samples.NOW.plusMillis(123), Duration.ofMillis(820), List.of(parts));
  }

  @Test
  void volumes_share_one_moment_that_is_named() {
    Part waiting = part("www", Verdict.WAITING, "not proven yet", "");
    Part www = part("www", Verdict.REACHED, "", "");
    Part mail = part("mail", Verdict.REACHED, "", "");
    run.source.barriers(barrier(waiting, mail), barrier(waiting, mail), barrier(www, mail));

    CommandRun.Result result = run.run("barrier", "--all");

    assertThat(result.out())
        .isEqualTo("www, mail  in sync as of 2026-11-22 10:00:00.123 Z, proven in 820 ms\n");
    assertThat(result.exitCode()).isZero();
    assertThat(run.source.inBarrier()).containsExactly("www", "mail");
  }

  @Test
  void what_is_missing_is_said_for_each_volume() {
    run.source.barriers(
        barrier(
            part("www", Verdict.LATE, "17 changes are not on the target yet", "look"),
            part("mail", Verdict.REACHED, "", "")));

    CommandRun.Result result = run.run("barrier", "www", "mail", "--timeout", "1s");

    assertThat(result.err())
        .isEqualTo("error: not-in-time: www: 17 changes are not on the target yet; look\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void a_volume_that_is_paused_is_no_matter_of_time() {
    run.source.barriers(
        barrier(
            part("www", Verdict.WAITING, "not proven yet", ""),
            part("mail", Verdict.REFUSED, "is paused", "driftless resume mail")));

    CommandRun.Result result = run.run("barrier", "--all", "--json");

    assertThat(result.err())
        .isEqualTo("error: not-possible: mail: is paused; driftless resume mail\n");
    JsonObject json = result.json();
    assertThat(json.get("state").getAsString()).isEqualTo("failed");
    assertThat(json.get("asOf").getAsString()).isEqualTo("2026-11-22T10:00:00.123Z");
    assertThat(json.getAsJsonArray("volumes").get(1).getAsJsonObject().get("verdict").getAsString())
        .isEqualTo("refused");
    assertThat(result.exitCode()).isEqualTo(4);
  }

  @Test
  void problems_are_named() {
    var unreadable = new Problem(TreePath.of("a/b"), "unreadable", "EIO");
    run.source.barriers(
        barrier(new Part("www", Verdict.PROBLEMS, "1 problem", "look", 7, List.of(unreadable))));

    CommandRun.Result result = run.run("barrier", "www");

    assertThat(result.err())
        .isEqualTo("error: not-proven: www: 1 problem; look\n  unreadable  a/b\n");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void ctrl_c_gives_it_up() {
    run.source.barriers(barrier(part("www", Verdict.WAITING, "not proven yet", "")));
    run.interrupted = true;

    CommandRun.Result result = run.run("barrier", "www");

    assertThat(result.exitCode()).isEqualTo(130);
    assertThat(run.source.wasGivenUp()).isTrue();
  }

  @Test
  void an_unknown_volume_is_refused() {
    assertThat(run.run("barrier", "nothing").err())
        .startsWith("error: unknown-volume: no volume is called nothing");
    assertThat(run.run("barrier", "www", "--timeout", "0s").exitCode()).isEqualTo(2);
  }
}
