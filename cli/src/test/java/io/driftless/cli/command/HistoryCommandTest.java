package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.cli.json.JsonText;
import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C66, C67: what a pass deleted and renamed, looked up afterwards")
final class HistoryCommandTest {
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

  private void ended(PassReport report, Difference... told) throws IOException {
    run.source.finished(report);
    run.source.differences(List.of(told));
    run.serveSource();
  }

  private static Difference extra(String path, Kind kind, String what) {
    return new Difference(TreePath.of(path), kind, Trait.EXTRA, Left.UNTOUCHED, "", what);
  }

  private static Difference renamed(String now, String before) {
    return new Difference(
        TreePath.of(now), Kind.REGULAR, Trait.RENAMED, Left.UNTOUCHED, "", before);
  }

  @Test
  void what_a_guard_held_is_listed_with_what_it_stands_for() throws IOException {
    ended(
        Samples.refused("www"),
        extra("acme/info", Kind.DIRECTORY, "directory, 1,204 entries"),
        extra("a\u001b", Kind.REGULAR, "file"),
        renamed("new", "old"));

    CommandRun.Result result = run.run("history", "www", "7", "--deletes");

    assertThat(result.out())
        .isEqualTo(
            """
            www  pass #7 deleted nothing: too-many-deletes: 312,004 entries would vanish
              acme/info  (directory, 1,204 entries)
              a\\x1b  (file)
            """);
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void renames_show_both_names() throws IOException {
    ended(Samples.done("www"), extra("gone", Kind.REGULAR, "file"), renamed("new", "old\u001b"));

    assertThat(run.run("history", "www", "7", "--renames").out())
        .isEqualTo(
            """
            www  pass #7 renamed 0 files
              file new  (it was old\\x1b)
            """);
    assertThat(run.run("history", "www", "7", "--renames", "--deletes").out())
        .contains("gone  (file)", "file new  (it was old");
  }

  @Test
  void json_has_a_line_for_each_and_then_the_pass_with_its_guard() throws IOException {
    ended(Samples.refused("www"), extra("a", Kind.REGULAR, "file"));

    List<String> lines =
        run.run("history", "www", "7", "--deletes", "--json").out().lines().toList();

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .contains("\"path\":\"a\"", "\"difference\":\"extra\"", "\"target\":\"file\"");
    assertThat(JsonText.parse(lines.getLast()).getAsJsonObject("guard").get("look").getAsString())
        .isEqualTo("driftless history www 7 --deletes");
  }

  @Test
  void all_pages_are_shown() throws IOException {
    var many = new ArrayList<Difference>();
    for (int i = 0; i < 2500; i++) {
      many.add(extra("f%04d".formatted(i), Kind.REGULAR, "file"));
    }
    ended(Samples.refused("www"), many.toArray(Difference[]::new));

    assertThat(run.run("history", "www", "7", "--deletes").out().lines())
        .hasSize(2501)
        .last()
        .isEqualTo("  f2499  (file)");
  }

  @Test
  void a_list_that_is_no_longer_kept_is_not_an_empty_one() throws IOException {
    ended(Samples.refused("www"));

    assertThat(run.run("history", "www", "7", "--deletes").out())
        .contains("the list is not kept: the last 10 passes have theirs");
  }

  @Test
  void one_pass_shows_how_large_files_came() throws IOException {
    run.source.script("www", Samples.ended(Samples.with(new Deltas(3, 0, 1, 0))));
    run.serveSource();

    assertThat(run.run("history", "www", "7").out())
        .contains("\n  large files: 3 patched in place, 1 rebuilt\n");
  }

  @Test
  void without_a_pass_they_are_refused() throws IOException {
    ended(Samples.done("www"));

    CommandRun.Result result = run.run("history", "www", "--deletes");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "error: usage: --deletes and --renames are about one pass; driftless history www lists"
                + " the passes; give the number of one\n");
    assertThat(run.run("history", "www", "8", "--deletes").exitCode()).isEqualTo(2);
    assertThat(run.run("history", "mail", "7", "--deletes").exitCode()).isEqualTo(2);
  }
}
