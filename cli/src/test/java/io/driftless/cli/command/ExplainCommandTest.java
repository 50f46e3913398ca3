package io.driftless.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LookMessage.Aspect;
import io.driftless.protocol.message.LookMessage.Likeness;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.EntryInquiry.Question;
import io.driftless.source.session.Explanation;
import io.driftless.source.session.Explanation.Finding;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.PassReport.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("C82: how one entry stands, as people and programs see it")
final class ExplainCommandTest {
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

  private void answers(Explanation explanation) throws IOException {
    run.source.explained(
        new Inquiry.Waiting(), new Inquiry.Looking(), new Inquiry.Answered(explanation));
    run.serveSource();
  }

  private static Explanation explanation(
      Finding finding, String reason, Optional<Problem> problem, Aspect... aspects) {
    return new Explanation(
        "www",
        TreePath.of("a\u001b"),
        finding,
        reason,
        Optional.of(Kind.REGULAR),
        Optional.of(Kind.REGULAR),
        finding == Finding.DIFFERS ? Left.CHANGED_SINCE : Left.UNTOUCHED,
        List.of(aspects),
        problem,
        Compare.METADATA);
  }

  private static Explanation differing() {
    return explanation(
        Finding.DIFFERS,
        "mode, xattr",
        Optional.empty(),
        new Aspect(Trait.SIZE, Likeness.SAME, "12", "12"),
        new Aspect(Trait.MODE, Likeness.OTHER, "0644", "0600"),
        new Aspect(Trait.XATTR, Likeness.OTHER, "user.a \"x\"", "user.a none"));
  }

  @Test
  void what_differs_is_marked_with_both_sides_next_to_each_other() throws IOException {
    answers(differing());

    CommandRun.Result result = run.run("explain", "www", "x");

    assertThat(result.out())
        .isEqualTo(
            """
            www  a\\x1b  differs: mode, xattr; changed on the target since the last pass; content not compared (--content)
              the next pass brings it over
                     SOURCE  TARGET
              size   12      12
            * mode   0644    0600
            * user.a  "x"     none
            """
                .replace("         SOURCE", "          SOURCE")
                .replace("  size   ", "  size    ")
                .replace("* mode   ", "* mode    "));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(run.source.questions())
        .containsExactly(new Question(TreePath.of("x"), Compare.METADATA));
  }

  @Test
  void json_has_everything() throws IOException {
    answers(differing());

    JsonObject json = run.run("explain", "www", "x", "--json", "--content").json();

    assertThat(json.keySet())
        .contains("schema", "agent", "version", "volume", "path", "finding", "reason")
        .contains("sourceKind", "targetKind", "targetChanged", "contentCompared", "aspects");
    assertThat(json.get("finding").getAsString()).isEqualTo("differs");
    assertThat(json.getAsJsonArray("aspects").get(1).toString())
        .isEqualTo(
            "{\"aspect\":\"mode\",\"likeness\":\"other\",\"source\":\"0644\",\"target\":\"0600\"}");
    assertThat(run.source.questions())
        .containsExactly(new Question(TreePath.of("x"), Compare.CONTENT));
  }

  @Test
  void an_equal_entry_is_0() throws IOException {
    answers(explanation(Finding.EQUAL, "", Optional.empty()));

    CommandRun.Result result = run.run("explain", "x/");

    assertThat(result.out()).isEqualTo("www  a\\x1b  equal; content not compared (--content)\n");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void a_problem_comes_with_its_remedy() throws IOException {
    var problem = new Problem(TreePath.of("a"), "permission-denied", "open: EACCES");
    answers(explanation(Finding.PROBLEM, "permission-denied: open: EACCES", Optional.of(problem)));

    assertThat(run.run("explain", "www", "a").out())
        .isEqualTo(
            """
            www  a\\x1b  problem: permission-denied: open: EACCES
              -> run the agent as root, or give it the capability that is missing
            """);
  }

  @Test
  void what_is_excluded_says_by_what_and_that_it_stays() throws IOException {
    answers(explanation(Finding.EXCLUDED, "excluded by *.swp (/etc/a.toml:12)", Optional.empty()));

    assertThat(run.run("explain", "www", "a").out())
        .isEqualTo(
            """
            www  a\\x1b  excluded by *.swp (/etc/a.toml:12)
              the target has it, and keeps it: what is excluded is protected there
            """);
  }

  @Test
  void a_target_that_is_not_connected_is_3_and_anything_else_5() throws IOException {
    run.source.explained(new Inquiry.Failed(new Failure("target-unreachable", "refused", "wait")));
    run.serveSource();

    CommandRun.Result result = run.run("explain", "www", "x");

    assertThat(result.err()).isEqualTo("error: target-unreachable: www: refused; wait\n");
    assertThat(result.exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/hosts, is absolute",
    "../x, leads out",
    "a/../b, leads out",
    "a//b, is no path",
    "a/./b, is no path",
    "'', is no path",
    "\ufffd, no text in this locale"
  })
  void a_path_that_is_none_is_refused_before_anybody_is_asked(String path, String why)
      throws IOException {
    run.serveSource();

    CommandRun.Result result = run.run("explain", "www", path);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: path: \"")
        .contains(why)
        .endsWith("\n")
        .hasLineCount(1);
    assertThat(run.source.questions()).isEmpty();
  }

  @Test
  void names_that_are_no_text_go_in_base64() throws IOException {
    answers(explanation(Finding.EQUAL, "", Optional.empty()));

    run.run("explain", "www", "YS//", "--path-bytes");

    assertThat(run.source.questions().getFirst().path().toBytes())
        .containsExactly('a', '/', (byte) 0xff);
    assertThat(run.run("explain", "www", "a*", "--path-bytes").exitCode()).isEqualTo(2);
  }

  @Test
  void unknown_volumes_and_explanations_are_refused() throws IOException {
    run.serveSource();

    assertThat(run.run("explain", "mail", "x").err()).startsWith("error: unknown-volume: ");
    assertThat(run.run("explain", "www", "x").err()).startsWith("error: no-such-explanation: ");
  }
}
