package io.driftless.target.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.listing.ContentSum.Zeros;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examination;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.GoneThrough;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.pace.SimulatedTime;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.target.compare.Exclusions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C79, C80, C82: passes that only compare, and passes that tell")
final class ComparisonTest {
  @TempDir private Path root;

  private static void fill(MemoryTree tree) {
    tree.directory("a").directory("a/b").symlink("link", "a");
    for (int i = 0; i < 10; i++) {
      tree.file("a/" + i, "content " + i).file("a/b/" + i, "below " + i);
    }
    tree.file("large", new byte[300_000]).file("empty", "").file("one", "1").linked("one", "two");
  }

  private static ReplicaHarness seeded(Path root) throws Exception {
    var replica = new ReplicaHarness(root, Standing.SEEDED);
    fill(replica.tree());
    assertThat(replica.pass().outcome()).isEqualTo(Outcome.COMPLETE);
    return replica;
  }

  private static PassResult verify(ReplicaHarness replica, Compare compare) throws Exception {
    replica.source.effect = Effect.VERIFY;
    replica.source.compare = compare;
    return replica.pass();
  }

  /** Puts another content in its place that looks the same. */
  private void corrupt(String path) throws Exception {
    Path file = root.resolve(path);
    FileTime modified = Files.getLastModifiedTime(file);
    byte[] content = Files.readAllBytes(file);
    content[0] ^= 1;
    Files.write(file, content);
    Files.setLastModifiedTime(file, modified);
  }

  @Test
  void equal_trees_have_no_differences() throws Exception {
    try (var replica = seeded(root)) {
      PassResult result = verify(replica, Compare.CONTENT);

      assertThat(result.outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(replica.source.said(Differences.class)).isEmpty();
      assertThat(replica.source.problems()).isEmpty();
      assertThat(root.resolve(".driftless")).doesNotExist();
    }
  }

  @Test
  void an_empty_target_lacks_everything_and_stays_empty() throws Exception {
    try (var replica = new ReplicaHarness(root)) {
      fill(replica.tree());

      verify(replica, Compare.METADATA);

      List<String> missing =
          replica.tree().nodes().keySet().stream()
              .filter(path -> !path.isRoot())
              .map(path -> path + " missing")
              .sorted()
              .toList();
      assertThat(replica.source.differences()).containsAll(missing);
      try (var left = Files.list(root)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void each_difference_is_told_by_path_and_trait() throws Exception {
    try (var replica = seeded(root)) {
      replica.tree().mode("a/1", 0600).symlink("link", "b").remove("a/2").modified("a/b", 5, 5);
      corrupt("a/3");
      Files.delete(root.resolve("two"));
      Files.copy(
          root.resolve("one"),
          root.resolve("two"),
          java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

      verify(replica, Compare.CONTENT);

      assertThat(replica.source.differences())
          .containsExactlyInAnyOrder(
              "a/1 mode",
              "link link_target",
              "a/2 extra",
              "a/b mtime",
              "a/3 content",
              ". mtime", // a name went and came
              "two links");
      assertThat(root.resolve("a/2")).exists();
    }
  }

  @Test
  void without_content_a_corrupt_file_looks_equal() throws Exception {
    try (var replica = seeded(root)) {
      corrupt("a/3");

      verify(replica, Compare.METADATA);

      assertThat(replica.source.differences()).isEmpty();
    }
  }

  @Test
  void holes_are_compared_with_metadata() throws Exception {
    try (var replica = seeded(root)) {
      Path large = root.resolve("large");
      FileTime modified = Files.getLastModifiedTime(large);
      try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
        file.setLength(0);
        file.setLength(300_000);
      }
      Files.setLastModifiedTime(large, modified);

      verify(replica, Compare.METADATA);

      assertThat(replica.source.differences()).containsExactly("large holes");
    }
  }

  private void isBusy(UnaryOperator<Examination> alteration) throws Exception {
    try (var replica = seeded(root)) {
      corrupt("a/3");
      replica.source.examinations = alteration;

      verify(replica, Compare.CONTENT);

      assertThat(replica.source.differences())
          .hasSize(24)
          .allMatch(each -> each.endsWith(" busy"))
          .contains("a/3 busy");
    }
  }

  @Test
  @DisplayName("C80: a file that changes while it is compared is busy, not corrupt")
  void a_file_that_changes_while_it_is_compared_is_busy() throws Exception {
    isBusy(held ->
        new Examination(
            held.index(), Reading.OK, 0, held.sizeBytes(), held.layout(), Optional.empty()));
  }

  @Test
  void a_file_that_changed_since_it_was_listed_is_busy() throws Exception {
    isBusy(held ->
        new Examination(
            held.index(), Reading.OK, 99_999, held.sizeBytes(), held.layout(), held.content()));
  }

  @Test
  void a_file_that_vanished_since_it_was_listed_is_busy() throws Exception {
    isBusy(held ->
        new Examination(held.index(), Reading.VANISHED, 0, 0, held.layout(), Optional.empty()));
  }

  @Test
  void a_file_that_the_source_summed_up_without_zeros_is_compared_so_too() throws Exception {
    try (var replica = seeded(root)) {
      replica.tree().file("zeros", new byte[200_000]);
      replica.pass();
      replica.source.zeros = Zeros.SKIPPED;

      verify(replica, Compare.CONTENT);
      assertThat(replica.source.differences()).isEmpty();
      corrupt("a/3");
      corrupt("zeros");
      verify(replica, Compare.CONTENT);

      assertThat(replica.source.differences())
          .containsExactlyInAnyOrder("a/3 content", "zeros content");
    }
  }

  /** A replica whose disk may be read once something has been done. */
  private ReplicaHarness seededBehind(LongConsumer whileItWaits) throws Exception {
    seeded(root).close();
    var time = new SimulatedTime();
    var disk = new TokenBucket(time);
    disk.limitTo(0);
    var replica =
        new ReplicaHarness(
            ReplicaHarness.options(root, Standing.SEEDED, Exclusions.NONE, disk), null);
    fill(replica.tree());
    time.whileAsleep(nanos -> {
      whileItWaits.accept(nanos);
      disk.lift();
    });
    return replica;
  }

  @Test
  void the_source_is_asked_before_anything_is_read_here() throws Exception {
    var asked = new AtomicInteger();
    var harness = new AtomicReference<@Nullable ReplicaHarness>();
    try (var replica =
        seededBehind(_ -> {
          ReplicaHarness waiting = Objects.requireNonNull(harness.get());
          Awaitility.await().until(() -> !waiting.source.said(Examine.class).isEmpty());
          asked.incrementAndGet();
        })) {
      harness.set(replica);

      verify(replica, Compare.CONTENT);

      assertThat(asked).hasValue(1);
      assertThat(replica.source.differences()).isEmpty();
    }
  }

  @Test
  void what_vanishes_on_the_target_while_it_is_compared_is_busy() throws Exception {
    try (var replica =
        seededBehind(_ -> {
          try (Stream<Path> files = Files.list(root.resolve("a/b"))) {
            for (Path file : files.toList()) {
              Files.delete(file);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })) {
      replica.tree().remove("a/0").remove("a/1").remove("a/2").remove("a/3").remove("a/4");
      replica.tree().remove("a/5").remove("a/6").remove("a/7").remove("a/8").remove("a/9");
      replica.tree().remove("large").remove("empty").remove("one").remove("two");

      verify(replica, Compare.CONTENT);

      List<String> busy =
          replica.source.differences().stream().filter(each -> !each.endsWith("extra")).toList();
      assertThat(busy).hasSize(10).allMatch(each -> each.matches("a/b/[0-9] busy"));
    }
  }

  @Test
  void a_pass_that_waits_for_the_disk_can_be_cancelled() throws Exception {
    seeded(root).close();
    var time = new SimulatedTime();
    var disk = new TokenBucket(time);
    disk.limitTo(0);
    var options = ReplicaHarness.options(root, Standing.SEEDED, Exclusions.NONE, disk);
    try (var replica = new ReplicaHarness(options, null)) {
      fill(replica.tree());
      var once = new AtomicBoolean(true);
      time.whileAsleep(_ -> {
        if (once.getAndSet(false)) {
          replica.source.say(new CancelPass());
        }
      });

      assertThatThrownBy(() -> verify(replica, Compare.CONTENT)).hasMessageContaining("CANCELLED");
    }
  }

  @Test
  void the_source_hears_how_much_has_been_gone_through() throws Exception {
    try (var replica = seeded(root)) {
      verify(replica, Compare.CONTENT);

      assertThat(replica.source.said(GoneThrough.class))
          .isNotEmpty()
          .allMatch(each -> each.bytes() > 0 && each.bytes() < 1_000_000);
      verify(replica, Compare.METADATA);
      assertThat(replica.source.said(GoneThrough.class)).isEmpty();
    }
  }

  @Test
  void more_is_told_only_as_it_is_taken_up() throws Exception {
    try (var replica = new ReplicaHarness(root)) {
      for (int i = 0; i < 3000; i++) {
        replica.tree().file("f" + i, "x");
      }
      replica.source.differencesAtOnce = Differences.OUTSTANDING_MAX;

      verify(replica, Compare.METADATA);

      assertThat(replica.source.differences().stream().filter(each -> each.endsWith(" missing")))
          .hasSize(3000);
    }
  }

  @Test
  void a_dry_run_tells_what_the_pass_then_tells_and_does() throws Exception {
    try (var replica = seeded(root)) {
      Files.createDirectory(root.resolve("one-more"));
      Files.writeString(root.resolve("one-more/file"), "x");
      replica
          .tree()
          .mode("a/1", 0600)
          .remove("a/b")
          .file("new", "x")
          .file("a/0", "other")
          .remove("a/4")
          .directory("a/4")
          .file("a/4/below", "y");
      replica.source.effect = Effect.DRY_RUN;
      assertThat(replica.pass().outcome()).isEqualTo(Outcome.COMPLETE);
      List<String> dry = replica.source.differences();
      assertThat(dry)
          .contains("new missing", "a/b extra", "a/b/7 extra", "one-more/file extra", "a/1 mode")
          .contains("a/4 type", "a/4/below missing", "a/0 size")
          .doesNotContain("a/3 content");
      assertThat(root.resolve("new")).doesNotExist();
      assertThat(root.resolve("a/b/7")).exists();
      assertThat(root.resolve(".driftless")).doesNotExist();

      replica.source.effect = Effect.ITEMIZE;
      assertThat(replica.pass().outcome()).isEqualTo(Outcome.COMPLETE);

      assertThat(replica.source.differences()).isEqualTo(dry);
      replica.requireEqual();
    }
  }

  @Test
  void a_dry_run_says_where_a_guard_would_refuse() throws Exception {
    try (var replica = seeded(root)) {
      replica.tree().remove("a").remove("large").remove("empty").remove("one").remove("two");
      replica.source.effect = Effect.DRY_RUN;

      PassResult result = replica.pass();

      assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(result.slug()).isEqualTo("too-many-deletes");
      assertThat(replica.source.differences()).contains("a extra", "a/b/3 extra", "one extra");
      assertThat(root.resolve("one")).exists();
    }
  }

  @Test
  void a_pass_that_compares_content_mends_what_looks_unchanged() throws Exception {
    try (var replica = seeded(root)) {
      byte[] large = new byte[3 << 20];
      Arrays.fill(large, (byte) 7);
      replica.tree().file("delta", large).mode("a/5", 0640);
      replica.pass();
      corrupt("delta");
      corrupt("a/3");
      Files.createLink(root.resolve("outside"), root.resolve("a/6"));
      replica.tree().mode("a/5", 0644);
      replica.source.compare = Compare.CONTENT;

      PassResult result = replica.pass();

      assertThat(result.counters().filesCommitted()).isEqualTo(3);
      assertThat(result.counters().literalBytes()).isLessThan(1 << 20);
      assertThat(result.counters().metadataOnly()).isPositive();
      assertThat(replica.source.differences()).containsExactly("outside extra");
      replica.requireEqual();
      assertThat(Files.readString(root.resolve("a/3"), UTF_8)).isEqualTo("content 3");
    }
  }

  @Test
  void a_dry_run_that_compares_content_tells_what_the_pass_then_mends() throws Exception {
    try (var replica = seeded(root)) {
      corrupt("a/3");
      Files.createLink(root.resolve("again"), root.resolve("a/6"));
      replica.source.compare = Compare.CONTENT;
      replica.source.effect = Effect.DRY_RUN;
      replica.pass();
      List<String> dry = replica.source.differences();
      assertThat(dry)
          .containsExactlyInAnyOrder("a/3 content", "a/6 links", "again extra", ". mtime");

      replica.source.effect = Effect.ITEMIZE;
      replica.pass();

      assertThat(replica.source.differences()).isEqualTo(dry);
      replica.requireEqual();
    }
  }

  @Test
  @DisplayName("B10: a source that answers what nobody asked gets nowhere")
  void answers_that_nobody_asked_for_end_the_conversation() throws Exception {
    try (var replica = seeded(root)) {
      replica.source.effect = Effect.VERIFY;
      replica.source.begin();

      assertThatThrownBy(() -> replica.source.say(new Examined(1, List.of())))
          .isInstanceOf(ProtocolViolation.class);
      assertThat(replica.source.await(PassResult.class).outcome()).isEqualTo(Outcome.FAILED);

      replica.source.begin();
      assertThatThrownBy(() -> replica.source.say(new DifferencesTaken()))
          .isInstanceOf(ProtocolViolation.class);
      assertThat(replica.source.await(PassResult.class).outcome()).isEqualTo(Outcome.FAILED);

      replica.source.effect = Effect.APPLY;
      replica.source.begin();
      assertThatThrownBy(() -> replica.source.say(new DifferencesTaken()))
          .isInstanceOf(ProtocolViolation.class);
    }
  }

  @Test
  void an_examination_of_an_entry_that_was_not_asked_about_ends_it() throws Exception {
    try (var replica = seeded(root)) {
      replica.source.examinations =
          held ->
              new Examination(
                  held.index() + 1000,
                  held.reading(),
                  held.version(),
                  held.sizeBytes(),
                  held.layout(),
                  held.content());

      assertThatThrownBy(() -> verify(replica, Compare.METADATA))
          .hasMessageContaining("protocol-violation");
    }
  }
}
