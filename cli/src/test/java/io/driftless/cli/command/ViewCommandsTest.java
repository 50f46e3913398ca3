package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that only look, through a real control socket. */
final class ViewCommandsTest {
  @TempDir Path home;
  private CommandRun run;

  @BeforeEach
  void open() {
    run = new CommandRun(home);
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  @Test
  void status_of_a_source_answers_in_its_first_line() throws IOException {
    run.source.finished(Samples.done("www"));
    run.serveSource();

    CommandRun.Result result = run.run("status");

    assertThat(result.out())
        .isEqualTo(
            """
            web1 (source, 1.0.0) -> newhoster 203.0.113.7:7440, connected 3 d 4 h   all well
            VOLUME  STATE    LAG  DIRTY  ENTRIES  LAST PASS          VERIFIED
            www     passing  -        -    3.10m  #7 today 08:38 ok  -
            Throttle     unlimited
            Connection   TLS by BoringSSL, version 1.0.0
            Certificate  until 2026-11-28 10:00:00 Z
            Clock        of newhoster is 3.2 s behind
            """);
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void status_and_history_say_when_a_volume_was_verified() throws IOException {
    run.source.finished(Samples.done("www"));
    run.source.finished(Samples.verified("www", Purpose.VERIFY_CONTENT, Outcome.PROBLEMS, 3, 1));
    run.serveSource();

    assertThat(run.run("status").out()).contains("today 08:38, content, 2 differences, 1 busy");
    assertThat(run.run("history").out())
        .contains("verified, content, 2 differences, 1 busy")
        .contains("done ");
    assertThat(run.run("status", "--json").json().toString())
        .contains("\"lastVerify\":{")
        .contains("\"differencesTotal\":3");
  }

  @Test
  void status_says_why_there_is_no_connection_and_when_it_tries_again() throws IOException {
    run.source.peers(Samples.disconnected());
    run.serveSource();

    assertThat(run.run("status").out())
        .contains("newhoster 203.0.113.7:7440, not connected for 30 s")
        .contains("Connection   connection refused; next attempt 10:00:17");
  }

  @Test
  void status_as_json_has_the_fields_of_the_contract() throws IOException {
    run.source.peers(Samples.disconnected());
    run.source.finished(Samples.refused("www"));
    run.serveSource();

    JsonObject json = run.run("status", "--json").json();

    assertThat(json.keySet())
        .contains("schema", "agent", "version", "volumes", "throttle", "peer", "room")
        .contains("certificate", "clockSkewSeconds");
    assertThat(json.getAsJsonObject("peer").get("retryAt").getAsString())
        .isEqualTo("2026-11-22T10:00:17Z");
    assertThat(json.getAsJsonObject("peer").get("connected").getAsBoolean()).isFalse();
    JsonObject volume = json.getAsJsonArray("volumes").get(0).getAsJsonObject();
    assertThat(volume.keySet())
        .contains("name", "state", "reason", "since", "lagSeconds", "dirtyEntries", "busyFiles")
        .contains("watcher", "lastPass", "lastVerify", "guard");
    assertThat(volume.getAsJsonObject("guard").get("slug").getAsString())
        .isEqualTo("too-many-deletes");
  }

  @Test
  void status_of_a_target_shows_room_and_what_blocks() throws IOException {
    run.serveTarget();

    CommandRun.Result result = run.run("status");

    assertThat(result.out())
        .isEqualTo(
            """
            newhoster (target, 1.0.0) on 0.0.0.0:7440, 1 of 1 agent connected   1 of 1 volume needs you
            VOLUME  STATE    AGENT  DURABLE      PROBLEMS     FREE  INODES  ROOT
            www     blocked  web1   today 09:57         2  4.0 KiB   1.27m  /srv/www
            www  blocked since 09:58: no room: 1.2 GiB missing
                  next:      looks again every 10 s
            """);
    assertThat(run.run("status", "web1/www", "--json").json().getAsJsonArray("volumes")).hasSize(1);
    assertThat(run.run("status", "mail").exitCode()).isEqualTo(2);
  }

  @Test
  void problems_come_in_pages_and_all_of_them_as_json() throws IOException {
    var problems = new ArrayList<Problem>();
    for (int i = 0; i < 2_500; i++) {
      problems.add(new Problem(TreePath.of("f" + i), i % 5 == 0 ? "busy" : "occupied", ""));
    }
    run.source.problems(problems);
    run.source.finished(Samples.done("www"));
    run.serveSource();

    CommandRun.Result text = run.run("problems", "www");
    CommandRun.Result json = run.run("problems", "--json");

    assertThat(text.out())
        .startsWith("www  pass #7: 2,500 problems\n  2,000 occupied, e.g. f1\n")
        .contains("  500 busy, e.g. f0\n");
    assertThat(json.json().getAsJsonArray("problems")).hasSize(2_500);
    assertThat(text.exitCode()).isEqualTo(1);
  }

  @Test
  void history_lists_passes_and_shows_one() throws IOException {
    run.source.finished(Samples.done("www"));
    run.serveSource();

    assertThat(run.run("history", "www").out())
        .isEqualTo(
            """
            PASS  STARTED                TOOK        OUTCOME    ENTRIES  FILES SENT      WIRE  PROBLEMS
              #7  2026-11-22 08:38:00 Z  1 h 22 min  done     3,100,412   2,900,000  31.2 GiB         0
            """);
    assertThat(run.run("history", "www", "7").out()).startsWith("www  done: 3,100,412 entries");
    assertThat(run.run("history", "www", "8").err())
        .isEqualTo(
            "error: no-such-pass: www has no pass 8 that is still known;"
                + " driftless history www lists them\n");
  }

  @Test
  void cancel_says_whether_there_was_something_to_cancel() throws IOException {
    run.serveSource();

    CommandRun.Result result = run.run("cancel", "www");

    assertThat(result.out()).isEqualTo("www  had no pass to cancel\n");
    assertThat(run.source.wasCancelled()).isTrue();
  }

  @Test
  void the_home_may_stand_after_the_command_or_in_the_environment() throws IOException {
    run.serveSource();

    assertThat(run.runBare("status", "--home", home.toString()).exitCode()).isZero();
    run.environment.put("DRIFTLESS_HOME", home.toString());
    assertThat(run.runBare("status").exitCode()).isZero();
  }

  @Test
  void a_command_for_the_other_role_says_so() throws IOException {
    run.serveTarget();

    assertThat(run.run("seed", "www").err()).startsWith("error: wrong-role: passes belong to");
  }

  @Test
  void an_error_before_there_is_a_pass_is_an_object_too() {
    CommandRun.Result result = run.run("status", "--json");

    assertThat(result.json().getAsJsonObject("error").get("slug").getAsString())
        .isEqualTo("no-agent");
    assertThat(result.err()).startsWith("error: no-agent: ");
  }

  @Test
  void a_wrong_word_is_answered_with_the_likely_one() {
    CommandRun.Result command = run.run("statsu");
    CommandRun.Result option = run.run("seed", "--alow-deletes");

    assertThat(command.err()).contains("did you mean status").hasLineCount(1);
    assertThat(option.err()).contains("did you mean", "--allow-deletes").hasLineCount(1);
    assertThat(List.of(command.exitCode(), option.exitCode())).containsOnly(2);
  }

  @Test
  void config_check_tells_every_flaw_and_config_show_where_values_come_from() throws IOException {
    Path file =
        Files.writeString(home.resolve("agent.toml"), "name = \"web1\"\nlanse = 3\nx = 1\n");

    CommandRun.Result check = run.run("config", "check");

    assertThat(check.err().lines())
        .containsExactly(
            "error: config: " + file + ":2:1: unknown key lanse; did you mean lanes?",
            "error: config: " + file + ":3:1: unknown key x");
    assertThat(check.exitCode()).isEqualTo(2);

    Files.writeString(file, "name = \"web1\"\n");
    assertThat(run.run("config", "check").exitCode()).isZero();
    assertThat(run.run("config", "check", file.toString()).exitCode()).isZero();
    assertThat(run.run("config", "show", "--origin").out())
        .contains("name = \"web1\"  # " + file + ":1:1")
        .contains("lanes = 2  # default");
  }
}
