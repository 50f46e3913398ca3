package io.driftless.target.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.Subtree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C66, C68: what the source has no longer")
final class DeletionTest {
  @TempDir private Path root;

  private static void fill(MemoryTree tree) {
    tree.directory("a").directory("a/b").directory("keep").file("keep/it", "x");
    for (int i = 0; i < 20; i++) {
      tree.file("a/b/" + i, "content " + i).file("keep/" + i, "kept " + i);
    }
    tree.file("single", "1").modified("keep", 77, 7).modified("", 88, 8);
  }

  @Test
  void goes_from_the_target_and_the_times_of_its_directories_stay() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().remove("a").remove("single").remove("keep/3");

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(result.counters().entriesDeleted()).isEqualTo(24);
      assertThat(result.counters().extraEntries()).isZero();
      replica.requireEqual();
      assertThat(root.resolve(".driftless")).doesNotExist();
    }
  }

  @Test
  void stays_until_the_source_has_looked_and_not_found_it() throws Exception { // B7
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().remove("single");
      replica.source.absences = question -> new Absences(question.question(), List.of());

      PassResult result = replica.pass();

      assertThat(replica.source.said(ConfirmAbsent.class)).hasSize(1);
      assertThat(result.counters().entriesDeleted()).isZero();
      assertThat(root.resolve("single")).hasContent("1");
    }
  }

  @Test
  void stays_where_a_guard_refuses_while_everything_else_is_brought_over() throws Exception {
    Files.createDirectories(root.resolve("foreign/deep"));
    Files.writeString(root.resolve("foreign/deep/file"), "precious");
    try (var replica = new ReplicaHarness(root)) {
      fill(replica.tree());

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(result.slug()).isEqualTo("foreign-target");
      assertThat(result.examples()).containsExactly(TreePath.of("foreign"));
      assertThat(result.counters().extraEntries()).isEqualTo(3);
      assertThat(root.resolve("foreign/deep/file")).hasContent("precious");
      assertThat(root.resolve("a/b/7")).hasContent("content 7");

      replica.source.deletes = Deletes.ALLOWED;
      assertThat(replica.pass().counters().entriesDeleted()).isEqualTo(3);
      replica.requireEqual();
    }
  }

  @Test
  void is_told_once_it_is_gone_a_directory_with_the_number_of_its_entries() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().remove("a").remove("single").remove("keep/3");
      replica.source.absences =
          question ->
              question.directory().isRoot()
                  ? new Absences(question.question(), List.of(0, 1))
                  : new Absences(question.question(), List.of());

      replica.pass();

      assertThat(told(replica))
          .containsExactlyInAnyOrder("a: directory, 22 entries", "single: file");
    }
  }

  @Test
  void is_told_where_a_guard_refuses() throws Exception {
    Files.createDirectories(root.resolve("foreign/deep"));
    Files.writeString(root.resolve("foreign/deep/file"), "precious");
    try (var replica = new ReplicaHarness(root)) {
      fill(replica.tree());

      replica.pass();

      assertThat(told(replica)).containsExactly("foreign: directory, 3 entries");
    }
  }

  @Test
  void what_is_excluded_goes_only_where_that_is_asked_for_and_the_source_agrees() throws Exception {
    Exclusions swap = _ -> (name, _) -> name.toString().endsWith(".swp");
    var options = ReplicaHarness.options(root, Standing.SEEDED, swap);
    try (var replica = new ReplicaHarness(options, null)) {
      fill(replica.tree());
      replica.pass();
      Files.writeString(root.resolve("a/mine.swp"), "mine");
      Files.createDirectory(root.resolve("dir.swp"));
      Files.writeString(root.resolve("dir.swp/below"), "mine");
      assertThat(replica.pass().counters().entriesDeleted()).isZero();

      replica.source.excluded = Excluded.DELETED;
      replica.source.absences = question -> new Absences(question.question(), List.of());
      assertThat(replica.pass().counters().entriesDeleted()).isZero();
      assertThat(root.resolve("a/mine.swp")).exists();

      replica.source.absences = question -> new Absences(question.question(), List.of(0));
      assertThat(replica.pass().counters().entriesDeleted()).isEqualTo(3);
      replica.requireEqual();
    }
  }

  private static List<String> told(ReplicaHarness replica) {
    return replica.source.said(Differences.class).stream()
        .flatMap(sent -> sent.differences().stream())
        .map(each -> each.path() + ": " + each.target())
        .toList();
  }

  @Test
  void an_empty_source_empties_nothing() throws Exception { // C70
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().remove("a").remove("keep").remove("single");

      PassResult result = replica.pass();

      assertThat(result.slug()).isEqualTo("empty-source");
      assertThat(root.resolve("keep/it")).hasContent("x");
    }
  }

  @Test
  void a_directory_is_pruned_around_what_is_excluded() throws Exception { // C68
    Exclusions swap = _ -> (name, _) -> name.toString().endsWith(".swp");
    var options = ReplicaHarness.options(root, Standing.SEEDED, swap);
    try (var replica = new ReplicaHarness(options, null)) {
      fill(replica.tree());
      replica.pass();
      Files.writeString(root.resolve("a/b/mine.swp"), "mine");
      replica.tree().remove("a");

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(root.resolve("a/b").toFile().list()).containsExactly("mine.swp");
      Files.delete(root.resolve("a/b/mine.swp"));
      replica.pass();
      replica.requireEqual();
    }
  }

  @Test
  void an_answer_that_nobody_asked_for_ends_the_pass() throws Exception { // B7
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      fill(replica.tree());
      replica.pass();
      replica.tree().remove("single");
      replica.source.absences = question -> new Absences(question.question(), List.of(1));

      assertThatThrownBy(replica::pass).isInstanceOf(ProtocolViolation.class);
      assertThat(root.resolve("single")).hasContent("1");
    }
  }

  @Test
  void more_than_can_be_kept_in_mind_is_left_to_the_next_pass() {
    var extras = new Extras(256 + 2 * (65 + 257));
    for (String name : List.of("a", "b", "c")) {
      extras.add(TreePath.ROOT, Name.of(name), new Subtree(5, 1, false, false));
    }

    assertThat(extras.entries()).isEqualTo(15);
    assertThat(extras.left()).isEqualTo(5);
    assertThat(extras.byDirectory().get(TreePath.ROOT)).hasSize(2);
  }

  @Test
  void a_directory_with_more_than_a_few_entries_makes_no_way_for_another_kind() throws Exception {
    try (var replica = new ReplicaHarness(root, Standing.SEEDED)) {
      replica.tree().directory("data");
      for (int i = 0; i < 101; i++) {
        replica.tree().file("data/" + i, "content " + i);
      }
      replica.pass();
      replica.tree().remove("data").symlink("data", "/mnt/big");

      replica.pass();

      assertThat(replica.source.reasons()).containsExactly("data occupied");
      assertThat(root.resolve("data/77")).hasContent("content 77");

      replica.source.deletes = Deletes.ALLOWED;
      assertThat(replica.pass().counters().entriesDeleted()).isEqualTo(102);
      replica.requireEqual();
    }
  }

  @Test
  void what_lies_below_an_excluded_name_makes_no_way_either() throws Exception {
    Exclusions cache =
        _ -> (name, kind) -> kind == Kind.DIRECTORY && name.toString().equals("cache");
    var options = ReplicaHarness.options(root, Standing.SEEDED, cache);
    try (var replica = new ReplicaHarness(options, null)) {
      Files.createDirectory(root.resolve("cache"));
      Files.writeString(root.resolve("cache/mine"), "mine");
      replica.tree().symlink("cache", "elsewhere");

      replica.pass();

      assertThat(replica.source.reasons()).containsExactly("cache excluded-here");
      assertThat(root.resolve("cache/mine")).hasContent("mine");
    }
  }
}
