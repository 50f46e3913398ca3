package io.driftless.source.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.message.ComparisonMessage.Left;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.PassMessage.Deltas;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.Applied;
import io.driftless.source.session.Found;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PassArchiveTest {
  @TempDir private Path home;
  private PassArchive archive;

  @BeforeEach
  void open() throws IOException {
    archive = PassArchive.open(home.resolve("state.db"));
  }

  @AfterEach
  void close() throws IOException {
    archive.close();
  }

  @Test
  void what_moved_is_busy_once_and_the_rest_stays() throws IOException {
    for (int i = 0; i < 2500; i++) {
      String path = "moved" + i;
      archive.addDifferences(
          "www", 1, List.of(difference(path, Trait.SIZE), difference(path, Trait.CONTENT)));
    }
    Difference real = difference("still", Trait.CONTENT);
    Difference told =
        new Difference(
            TreePath.of("told"), Kind.REGULAR, Trait.BUSY, Left.UNTOUCHED, "", "changed");
    archive.addDifferences("www", 1, List.of(told, real));
    archive.addDifferences("www", 2, List.of(difference("moved1", Trait.SIZE)));
    archive.addProblems(
        "www",
        1,
        List.of(
            new Problem(TreePath.of("moved1"), "not-permitted", "No such file"),
            new Problem(TreePath.of("still"), "not-permitted", "Permission denied")));

    archive.settleDifferences("www", 1, each -> each.path().toString().startsWith("moved"));
    archive.settleProblems("www", 1, path -> path.toString().startsWith("moved"));

    assertThat(archive.busyCount("www", 1)).isEqualTo(2501);
    assertThat(archive.differenceCount("www", 1)).isEqualTo(2502);
    assertThat(archive.differences("www", 1, 0, 3000))
        .extracting(NumberedDifference::difference)
        .contains(told, real)
        .contains(
            new Difference(
                TreePath.of("moved7"), Kind.SYMLINK, Trait.BUSY, Left.UNTOUCHED, "changed", ""));
    assertThat(archive.differenceCount("www", 2)).isEqualTo(1);
    assertThat(archive.busyCount("www", 2)).isZero();
    assertThat(archive.problems("www", 1, 0, 10))
        .extracting(Problem::reason)
        .containsExactly(Problem.BUSY, "not-permitted");
  }

  @Test
  void numbers_of_passes_go_on_after_a_restart() throws IOException {
    assertThat(archive.nextPass("www")).isEqualTo(1);
    assertThat(archive.nextPass("mail")).isEqualTo(1);
    archive.close();

    archive = PassArchive.open(home.resolve("state.db"));

    assertThat(archive.nextPass("www")).isEqualTo(2);
  }

  @Test
  void a_pause_outlives_a_restart() throws IOException {
    Instant until = Instant.parse("2026-11-29T16:00:00.123Z");
    assertThat(archive.pausedUntil("www")).isEmpty();
    archive.pause("www", until);
    archive.pause("mail", Instant.MAX);
    archive.close();

    archive = PassArchive.open(home.resolve("state.db"));

    assertThat(archive.pausedUntil("www")).contains(until);
    assertThat(archive.pausedUntil("mail")).contains(Instant.MAX);
    archive.resume("www");
    assertThat(archive.pausedUntil("www")).isEmpty();
    assertThat(archive.nextPass("www")).isEqualTo(1);
  }

  @Test
  void a_report_comes_back_as_it_was_kept() throws IOException {
    TreePath odd = TreePath.ROOT.resolve(Name.of(new byte[] {(byte) 0xff, '\n'}));
    var problem = new Problem(odd, "unreadable", "EIO");
    var notice = new Notice("mount-point", "data is a mount point");
    archive.addProblems("www", 7, List.of(problem));
    archive.addNotices("www", 7, List.of(notice));
    PassReport report = report("www", 7, List.of(problem), List.of(notice));

    archive.record(report);

    assertThat(archive.report("www", 7)).contains(report);
    assertThat(archive.reports("www", 10)).containsExactly(report);
    assertThat(archive.reports("mail", 10)).isEmpty();
  }

  @Test
  void the_newest_report_comes_first() throws IOException {
    archive.record(report("www", 1, List.of(), List.of()));
    archive.record(report("www", 2, List.of(), List.of()));

    assertThat(archive.reports("www", 1)).extracting(PassReport::pass).containsExactly(2L);
  }

  @Test
  void problems_come_in_the_order_of_their_paths_and_in_pages() throws IOException {
    for (String path : List.of("c", "a", "b")) {
      archive.addProblems("www", 1, List.of(new Problem(TreePath.of(path), "unreadable", "")));
    }

    assertThat(archive.problems("www", 1, 1, 2))
        .extracting(problem -> problem.path().toString())
        .containsExactly("b", "c");
    assertThat(archive.problemCount("www", 1)).isEqualTo(3);
  }

  @Test
  void differences_are_paged_in_the_order_of_their_paths() throws IOException {
    for (String path : List.of("b", "a", "c", "a")) {
      archive.addDifferences("www", 1, List.of(difference(path, Trait.MODE)));
    }

    List<NumberedDifference> first = archive.differences("www", 1, 0, 3);
    List<NumberedDifference> rest = archive.differences("www", 1, first.getLast().number(), 3);

    assertThat(first)
        .extracting(each -> each.difference().path().toString())
        .containsExactly("a", "a", "b");
    assertThat(rest)
        .extracting(NumberedDifference::difference)
        .containsExactly(difference("c", Trait.MODE));
    assertThat(archive.differences("www", 1, rest.getLast().number(), 3)).isEmpty();
    assertThat(archive.differenceCount("www", 1)).isEqualTo(4);
    assertThat(archive.differenceCount("www", 2)).isZero();
  }

  private static Difference difference(String path, Trait trait) {
    return new Difference(
        TreePath.of(path), Kind.SYMLINK, trait, Left.CHANGED_SINCE, "source", "target");
  }

  @Test
  void the_last_report_of_a_purpose_is_found_behind_others() throws IOException {
    archive.record(report("www", 1, List.of(), List.of()));

    assertThat(archive.lastReport("www", Purpose.VERIFY, Purpose.VERIFY_CONTENT)).isPresent();
    assertThat(archive.lastReport("www", Purpose.SYNC)).isEmpty();
  }

  @Test
  void what_a_broken_attempt_found_is_forgotten() throws IOException {
    archive.addProblems("www", 1, List.of(new Problem(TreePath.of("a"), "unreadable", "")));

    archive.discardFindings("www", 1);

    assertThat(archive.problemCount("www", 1)).isZero();
  }

  private static PassReport report(
      String volume, long pass, List<Problem> problems, List<Notice> notices) {
    return new PassReport(
        volume,
        "newhoster",
        pass,
        Purpose.VERIFY_CONTENT,
        Outcome.PROBLEMS,
        Instant.ofEpochMilli(1_700_000_000_123L),
        1.5,
        new Found(1, 2, 3, 8),
        new Applied(4, 5, 6, 7, 9, 10, 13, new Deltas(15, 16, 17, 18)),
        11,
        12,
        problems.size(),
        14,
        problems,
        notices,
        Optional.of(
            new Guard(
                "too-many-deletes", "many would vanish", List.of("a", "b"), "driftless sync www")),
        Optional.of(new Failure("slug", "message", "hint")),
        Optional.of("/var/lib/driftless/source/manifests/www.sha256"));
  }
}
