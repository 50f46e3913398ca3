package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PassRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C80-C82: verify, -n and -i as people and programs see them")
final class VerifyCommandTest {
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

  private static Difference difference(String path, Kind kind, Trait trait, Left left) {
    return new Difference(TreePath.of(path), kind, trait, left, "there", "here");
  }

  private void script(PassReport report, Difference... differences) throws IOException {
    run.source.differences(List.of(differences));
    run.source.script("www", Samples.ended(report));
    run.serveSource();
  }

  @Test
  void an_equal_target_is_one_line_and_0() throws Exception {
    script(Samples.verified("www", Purpose.VERIFY_CONTENT, Outcome.DONE, 0, 0));

    CommandRun.Result result = run.run("verify", "--content", "--quiet");

    assertThat(result.out())
        .isEqualTo(
            "www  verified: equal; 3,100,412 entries, 44.9 GiB compared by content, in 1 h 22 min\n");
    assertThat(result.exitCode()).isZero();
    assertThat(run.source.requests())
        .extracting(PassRequest::compare, PassRequest::effect)
        .containsExactly(tuple(Compare.CONTENT, Effect.VERIFY));
  }

  @Test
  void every_difference_is_shown_and_the_answer_is_1() throws Exception {
    script(
        Samples.verified("www", Purpose.VERIFY, Outcome.PROBLEMS, 5, 1),
        difference("a", Kind.REGULAR, Trait.MODE, Left.CHANGED_SINCE),
        difference("b", Kind.REGULAR, Trait.MISSING, Left.UNTOUCHED),
        difference("c", Kind.REGULAR, Trait.EXTRA, Left.UNTOUCHED),
        difference("d", Kind.REGULAR, Trait.BUSY, Left.UNTOUCHED),
        new Difference(
            TreePath.of("e\u001b"),
            Kind.SYMLINK,
            Trait.LINK_TARGET,
            Left.UNTOUCHED,
            "x\u001b[2J",
            ""));

    CommandRun.Result result = run.run("verify", "www");

    assertThat(result.out())
        .isEqualTo(
            """
            www  verified: 4 differences, 1 busy; 3,100,412 entries, content not compared, in 1 h 22 min
              mode        a  there at the source, here on the target; changed on the target since the last pass
              missing     b  there, the target lacks it
              extra       c  here, only on the target
              busy        d  there while it was compared
              link-target e\\x1b  x\\x1b[2J at the source, ? on the target
            """);
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void a_report_has_the_result_and_then_a_line_for_each() throws Exception {
    script(
        Samples.verified("www", Purpose.VERIFY, Outcome.PROBLEMS, 1, 0),
        difference("a", Kind.REGULAR, Trait.MODE, Left.CHANGED_SINCE));
    Path file = home.resolve("report");

    CommandRun.Result result = run.run("verify", "--report", file.toString(), "--json");

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).isEqualTo(result.out().strip()).contains("\"purpose\":\"verify\"");
    assertThat(lines.getLast())
        .isEqualTo(
            "{\"volume\":\"www\",\"path\":\"a\",\"kind\":\"file\",\"difference\":\"mode\","
                + "\"source\":\"there\",\"target\":\"here\",\"targetChanged\":true}");
  }

  @Test
  void all_pages_are_shown() throws Exception {
    var many = new ArrayList<Difference>();
    for (int i = 0; i < 2500; i++) {
      many.add(difference("f%04d".formatted(i), Kind.REGULAR, Trait.SIZE, Left.UNTOUCHED));
    }
    script(
        Samples.verified("www", Purpose.VERIFY, Outcome.PROBLEMS, 2500, 0),
        many.toArray(Difference[]::new));

    assertThat(run.run("verify").out().lines()).hasSize(2501).last().asString().contains("f2499");
  }

  @Test
  void a_manifest_is_copied_and_one_that_cannot_be_is_a_failure() throws Exception {
    Path kept = Files.writeString(home.resolve("www.sha256"), "hashes");
    script(
        Samples.withManifest(
            Samples.verified("www", Purpose.VERIFY_CONTENT, Outcome.DONE, 0, 0), kept.toString()));
    Path copy = home.resolve("copy");

    assertThat(run.run("verify", "--content", "--manifest", copy.toString()).exitCode()).isZero();
    assertThat(copy).hasContent("hashes");

    CommandRun.Result lost =
        run.run("verify", "--content", "--manifest", home.resolve("no/where").toString());
    assertThat(lost.exitCode()).isEqualTo(5);
    assertThat(lost.err()).contains("error: manifest-not-written: ");
    assertThat(run.run("verify", "--manifest", copy.toString()).exitCode()).isEqualTo(2);
  }

  @Test
  void a_repair_runs_a_pass_over_content_and_verifies_again() throws Exception {
    script(
        Samples.verified("www", Purpose.VERIFY, Outcome.PROBLEMS, 1, 0),
        difference("a", Kind.REGULAR, Trait.MODE, Left.UNTOUCHED));

    assertThat(run.run("verify", "--repair").exitCode()).isEqualTo(1);

    assertThat(run.source.requests())
        .extracting(PassRequest::compare, PassRequest::effect)
        .containsExactly(
            tuple(Compare.METADATA, Effect.VERIFY),
            tuple(Compare.CONTENT, Effect.APPLY),
            tuple(Compare.METADATA, Effect.VERIFY));
  }

  @Test
  void a_copy_is_verified_by_content_where_that_is_wanted() throws Exception {
    run.source = new FakeSource("copy");
    run.source.script(
        "copy",
        Samples.ended(Samples.done("copy")),
        Samples.ended(Samples.verified("copy", Purpose.VERIFY_CONTENT, Outcome.DONE, 0, 0)));
    Path from = Files.createDirectory(home.resolve("from"));
    Path to = home.resolve("to");

    CommandRun.Result result = run.runBare("copy", from.toString(), to.toString(), "--verify");

    assertThat(result.out().lines().map(line -> line.substring(0, 15)))
        .containsExactly("copy  done: 3,1", "copy  verified:");
    assertThat(run.source.requests())
        .extracting(PassRequest::compare, PassRequest::effect)
        .containsExactly(
            tuple(Compare.METADATA, Effect.APPLY), tuple(Compare.CONTENT, Effect.VERIFY));
  }

  @Test
  void a_dry_run_shows_one_line_for_each_entry() throws Exception {
    script(
        Samples.verified("www", Purpose.DRY_RUN, Outcome.DONE, 5, 0),
        difference("a", Kind.REGULAR, Trait.MODE, Left.UNTOUCHED),
        difference("a", Kind.REGULAR, Trait.MTIME, Left.UNTOUCHED),
        difference("a", Kind.REGULAR, Trait.LINKS, Left.UNTOUCHED),
        difference("b", Kind.DIRECTORY, Trait.MISSING, Left.UNTOUCHED),
        difference("c", Kind.SYMLINK, Trait.EXTRA, Left.UNTOUCHED),
        difference("d", Kind.REGULAR, Trait.LINKS, Left.UNTOUCHED));

    CommandRun.Result text = run.run("sync", "-n");
    CommandRun.Result json = run.run("sync", "-n", "--json");

    assertThat(text.out())
        .isEqualTo(
            """
            www  done: dry run, nothing was changed: 3,100,412 entries, 44.9 GiB in 1 h 22 min
              would create 1, update 2, delete 1
              update file      a  (mode, mtime)
              create directory b  (the target lacks it)
              delete symlink   c  (the source has it no longer)
              update file      d  (links)
            """);
    assertThat(text.exitCode()).isZero();
    assertThat(json.out().lines())
        .hasSize(5)
        .first()
        .isEqualTo(
            "{\"volume\":\"www\",\"path\":\"a\",\"kind\":\"file\",\"action\":\"update\","
                + "\"reasons\":[\"mode\",\"mtime\"]}");
    assertThat(run.source.requests())
        .extracting(PassRequest::effect)
        .containsExactly(Effect.DRY_RUN, Effect.DRY_RUN);
  }
}
