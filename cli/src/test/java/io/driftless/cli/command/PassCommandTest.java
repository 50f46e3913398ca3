package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassProgress.Phase;
import io.driftless.source.session.PassReport.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeding through a real control socket. */
final class PassCommandTest {
  @TempDir Path home;
  private CommandRun run;

  @BeforeEach
  void open() throws IOException {
    run = new CommandRun(home);
    run.source = new FakeSource("www");
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  private void script(PassProgress... steps) throws IOException {
    run.source.script("www", steps);
    run.serveSource();
  }

  @Test
  @DisplayName("C81: done is 0")
  void a_pass_that_is_done_answers_in_one_line() throws IOException {
    script(Samples.progress("www", Phase.WALKING, 1, 2), Samples.ended(Samples.done("www")));

    CommandRun.Result result = run.run("seed");

    assertThat(result.out())
        .isEqualTo(
            "www  done: 3,100,412 entries, 44.9 GiB (31.2 GiB on the wire) in 1 h 22 min,"
                + " durable on newhoster\n");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @Test
  @DisplayName("C81: problems are 1")
  void problems_are_grouped_with_one_example_and_one_remedy() throws IOException {
    var problems =
        List.of(
            new Problem(TreePath.of("a/b"), "permission-denied", "open: EACCES"),
            new Problem(TreePath.of("a/c"), "permission-denied", "open: EACCES"));
    script(Samples.ended(Samples.report("www", Outcome.PROBLEMS, problems)));

    CommandRun.Result result = run.run("seed", "www");

    assertThat(result.out()).endsWith("durable on newhoster; 2 problems\n");
    assertThat(result.err())
        .isEqualTo(
            """
              2 permission-denied, e.g. a/b: open: EACCES
                  -> run the agent as root, or give it the capability that is missing
            """);
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  @DisplayName("C81: a guard is 4")
  void a_refusal_shows_the_numbers_and_how_to_go_on() throws IOException {
    script(Samples.ended(Samples.refused("www")));

    CommandRun.Result result = run.run("seed");

    assertThat(result.err())
        .isEqualTo(
            """
            error: too-many-deletes: www: 312,004 entries would vanish
              e.g.:      a/b
              look:      driftless history www 7 --deletes
              continue:  driftless sync www --allow-deletes=312004
              note: mount-point: proc is not crossed
            """);
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(4);
  }

  @Test
  @DisplayName("C81: failed is 5")
  void a_failure_says_what_where_and_what_next() throws IOException {
    script(Samples.ended(Samples.failed("www", "source-root")));

    CommandRun.Result result = run.run("--quiet", "seed");

    assertThat(result.err())
        .isEqualTo("error: source-root: www: cannot open /srv/www: ENOENT; mount it\n");
    assertThat(result.exitCode()).isEqualTo(5);
  }

  @Test
  @DisplayName("C81: cancelled is 5")
  void a_cancelled_pass_is_no_success() throws IOException {
    script(Samples.ended(Samples.report("www", Outcome.CANCELLED, List.of())));

    assertThat(run.run("seed").exitCode()).isEqualTo(5);
  }

  @Test
  @DisplayName("C81: no agent is 3")
  void without_an_agent_it_says_how_to_start_one() throws IOException {
    script(Samples.ended(Samples.done("www")));
    run.close();

    CommandRun.Result result = run.run("seed");

    assertThat(result.err())
        .startsWith("error: agent-unreachable: the source agent on " + home + "/control.sock")
        .contains("driftless --home " + home + " source run starts it")
        .hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(3);
  }

  @Test
  @DisplayName("C81: a target that isn't reachable is 3")
  void a_pass_that_cannot_begin_stays_queued_and_the_command_ends() throws IOException {
    run.source.peers(Samples.disconnected());
    script(Samples.progress("www", Phase.QUEUED, 0, 0));

    CommandRun.Result result = run.run("seed");

    assertThat(result.err())
        .contains(
            "error: target-unreachable: newhoster 203.0.113.7:7440: connection refused;"
                + " next attempt 10:00:17; pass 7 of www stays queued");
    assertThat(result.exitCode()).isEqualTo(3);
  }

  @Test
  @DisplayName("C81: detached is 130")
  void a_signal_detaches_and_names_status_and_cancel() throws IOException {
    script(Samples.progress("www", Phase.WALKING, 0, 1));
    run.interrupted = true;

    CommandRun.Result result = run.run("seed");

    assertThat(result.err()).contains("driftless status").contains("driftless cancel www");
    assertThat(result.exitCode()).isEqualTo(130);
    assertThat(run.source.wasCancelled()).isFalse();
  }

  @Test
  void detach_asks_and_does_not_wait() throws IOException {
    script(Samples.progress("www", Phase.WALKING, 0, 1));

    CommandRun.Result result = run.run("seed", "--detach");

    assertThat(result.out()).startsWith("www  pass 7 is asked for");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void json_has_the_fields_of_the_contract_and_nothing_else_is_on_stdout() throws IOException {
    var problems = List.of(new Problem(TreePath.of("a"), "busy", ""));
    script(Samples.ended(Samples.report("www", Outcome.PROBLEMS, problems)));

    JsonObject json = run.run("seed", "--json").json();

    assertThat(json.keySet())
        .contains("schema", "agent", "version", "volume", "pass", "outcome", "startedAt", "seconds")
        .contains("entries", "files", "directories", "filesTransferred", "filesRenamed")
        .contains("entriesDeleted", "metadataOnly", "bytesTotal", "literalBytes", "matchedBytes")
        .contains("wireBytesSent", "wireBytesReceived", "problemsTotal", "problems", "notices")
        .contains("filesPatchedInPlace", "filesCloned", "filesRebuilt", "deltaIncidents")
        .contains("guard", "error");
    assertThat(json.get("outcome").getAsString()).isEqualTo("problems");
    assertThat(json.get("startedAt").getAsString()).isEqualTo("2026-11-22T08:38:00Z");
    assertThat(json.get("agent").getAsString()).isEqualTo("web1");
  }

  @Test
  @DisplayName("C27, C32: how large files that changed were applied")
  void how_large_files_came_is_a_line_and_four_numbers() throws IOException {
    script(Samples.ended(Samples.with(new Deltas(1203, 2, 1, 4))));

    CommandRun.Result text = run.run("sync");
    JsonObject json = run.run("sync", "--json").json();

    assertThat(text.err())
        .isEqualTo(
            "  large files: 1,203 patched in place, 2 cloned, 1 rebuilt,"
                + " 4 sent whole after an incident\n");
    assertThat(text.out()).hasLineCount(1);
    assertThat(json.get("filesPatchedInPlace").getAsLong()).isEqualTo(1203);
    assertThat(json.get("filesCloned").getAsLong()).isEqualTo(2);
    assertThat(json.get("filesRebuilt").getAsLong()).isEqualTo(1);
    assertThat(json.get("deltaIncidents").getAsLong()).isEqualTo(4);
  }

  @Test
  void methods_that_no_large_file_came_by_are_left_out() throws IOException {
    script(Samples.ended(Samples.with(new Deltas(0, 0, 1, 0))));

    assertThat(run.run("sync").err()).isEqualTo("  large files: 1 rebuilt\n");
    assertThat(run.run("sync", "--quiet").err()).isEmpty();
  }

  @Test
  void several_volumes_make_a_list_of_passes_and_the_gravest_exit_code() throws IOException {
    run.source = new FakeSource("www", "mail");
    run.source.script("www", Samples.ended(Samples.done("www")));
    run.source.script("mail", Samples.ended(Samples.refused("mail")));
    run.serveSource();

    CommandRun.Result result = run.run("sync", "--all", "--json");

    assertThat(result.json().getAsJsonArray("passes")).hasSize(2);
    assertThat(result.exitCode()).isEqualTo(4);
  }

  @Test
  void with_several_volumes_one_must_be_named() throws IOException {
    run.source = new FakeSource("www", "mail");
    run.serveSource();

    CommandRun.Result result = run.run("seed");

    assertThat(result.err())
        .isEqualTo(
            "error: which-volume: the agent has several volumes: www, mail;"
                + " name some, or pass --all\n");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void an_unknown_volume_names_those_that_are_known() throws IOException {
    script();

    CommandRun.Result result = run.run("seed", "wwww");

    assertThat(result.err())
        .isEqualTo("error: unknown-volume: no volume is called wwww; known: www\n");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void options_of_a_pass_reach_the_agent() throws IOException {
    script(Samples.ended(Samples.done("www")));

    run.run("sync", "www", "--allow-deletes=12");

    assertThat(run.source.requests())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.effect()).isEqualTo(Effect.APPLY);
          assertThat(request.deletes()).isEqualTo(Deletes.ALLOWED);
          assertThat(request.deletesMax()).isEqualTo(12);
        });
  }

  @Test
  void away_from_a_terminal_a_line_comes_every_ten_seconds_and_after_a_minute_every_minute()
      throws IOException {
    int seconds = 182;
    var steps = Collections.nCopies(seconds, Samples.progress("www", Phase.WALKING, 1, 2));
    var all = new java.util.ArrayList<>(steps);
    all.add(Samples.ended(Samples.done("www")));
    script(all.toArray(PassProgress[]::new));

    CommandRun.Result result = run.run("seed");

    assertThat(result.err()).hasLineCount(6 + 2);
    assertThat(result.err()).startsWith("www  walking   2 found   sent 8.8 KiB   0.0 Mbit/s\n");
  }

  @Test
  void on_a_terminal_one_line_is_rewritten_and_cleared_at_the_end() throws IOException {
    run.live = true;
    script(Samples.progress("www", Phase.WALKING, 1, 2), Samples.ended(Samples.done("www")));

    CommandRun.Result result = run.run("seed");

    assertThat(result.err())
        .isEqualTo("\r\u001b[K\u001b[?7lwww  walking   2 found   sent 8.8 KiB\u001b[?7h\r\u001b[K");
  }

  @Test
  void progress_as_json_is_one_object_on_each_line() throws IOException {
    int seconds = 3;
    var all =
        new java.util.ArrayList<>(
            Collections.nCopies(seconds, Samples.progress("www", Phase.TRANSFERRING, 1, 2)));
    all.add(Samples.ended(Samples.done("www")));
    script(all.toArray(PassProgress[]::new));

    CommandRun.Result result = run.run("--progress=json", "seed");

    assertThat(result.err().lines())
        .hasSize(2)
        .allSatisfy(line ->
            assertThat(io.driftless.cli.json.JsonText.parse(line).get("percent").getAsInt())
                .isEqualTo(50));
  }

  @Test
  @DisplayName("B19: names with control characters, escape sequences and bidirectional overrides")
  void names_from_the_file_system_are_escaped_in_text_and_exact_in_json() throws IOException {
    byte[] notText = {'x', (byte) 0xff, 0x1b, '[', '2', 'J'};
    String evil = "a\n\u001b]0;\u0007\u009b\u202egnp";
    var problems =
        List.of(
            new Problem(TreePath.of(evil), "busy", "\u001b[2J"),
            new Problem(TreePath.ROOT.resolve(Name.of(notText)), "odd\nreason", ""));
    script(Samples.ended(Samples.report("www", Outcome.PROBLEMS, problems)));

    CommandRun.Result text = run.run("seed");
    CommandRun.Result json = run.run("seed", "--json");

    for (String shown : List.of(text.out(), text.err(), json.out(), json.err())) {
      assertThat(shown.replace("\n", ""))
          .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\r");
    }
    assertThat(text.err())
        .contains("a\\n\\x1b]0;\\x07\\u009b\\u202egnp")
        .contains("x\\xff\\x1b[2J");
    JsonObject first = json.json().getAsJsonArray("problems").get(0).getAsJsonObject();
    assertThat(first.get("path").getAsString()).isEqualTo(evil);
    assertThat(first.has("pathBytes")).isFalse();
    JsonObject second = json.json().getAsJsonArray("problems").get(1).getAsJsonObject();
    assertThat(java.util.Base64.getDecoder().decode(second.get("pathBytes").getAsString()))
        .isEqualTo(notText);
  }
}
