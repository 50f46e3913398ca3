package io.driftless.source.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Manner;
import io.driftless.source.watch.DirtySet.Batch;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class DirtySetTest {
  private static final TreePath D = TreePath.of("d");
  private static final Name F = Name.of("f");
  private static final Name G = Name.of("g");

  private long now = 1_000_000_000;
  private int wakes;
  private final DirtySet dirty = new DirtySet(() -> now, () -> wakes++, 20);

  private void pass(long millis) {
    now += Duration.ofMillis(millis).toNanos();
  }

  private Batch take() {
    return Objects.requireNonNull(dirty.take(100));
  }

  @Test
  @DisplayName("a first change after quiet, once its writer has closed the file, goes at once")
  void a_closed_file_is_due_at_once() {
    dirty.closed(D, F);

    assertThat(dirty.untilDue()).isZero();
    assertThat(wakes).isEqualTo(1);
    assertThat(take().changes().names()).isEqualTo(Map.of(D, Map.of(F, Manner.WRITTEN)));
  }

  @Test
  void a_file_that_is_open_settles() {
    dirty.writing(D, F);

    assertThat(dirty.untilDue()).isEqualTo(DirtySet.QUIET.toNanos());
    assertThat(dirty.take(100)).isNull();
    pass(30);
    dirty.writing(D, F);
    pass(40);
    assertThat(dirty.take(100)).isNull();
    pass(10);
    assertThat(take().entries()).isEqualTo(1);
  }

  @Test
  void a_file_that_is_written_to_all_the_time_goes_in_the_end() {
    dirty.writing(D, F);
    for (int i = 0; i < 24; i++) {
      pass(10);
      dirty.writing(D, F);
      assertThat(dirty.take(100)).as("after %d ms", 10 * (i + 1)).isNull();
    }
    pass(10);
    assertThat(take().entries()).isEqualTo(1);
  }

  @Test
  void an_entry_that_changes_again_settles() {
    dirty.closed(D, F);
    take();
    dirty.shipped();
    pass(10);
    dirty.closed(D, F);

    assertThat(dirty.untilDue()).isEqualTo(Duration.ofMillis(40).toNanos());
    assertThat(dirty.take(100)).isNull();
    pass(40);
    assertThat(take().entries()).isEqualTo(1);
  }

  @Test
  void a_large_file_rests() {
    dirty.closed(D, F);
    take();
    dirty.shipped();
    dirty.cool(D.resolve(F), Duration.ofSeconds(30));
    pass(60);
    dirty.closed(D, F);
    dirty.closed(D, G);

    assertThat(take().changes().names()).isEqualTo(Map.of(D, Map.of(G, Manner.WRITTEN)));
    dirty.shipped();
    pass(30_000);
    assertThat(take().changes().names()).isEqualTo(Map.of(D, Map.of(F, Manner.WRITTEN)));
  }

  @Test
  void what_did_not_arrive_is_as_dirty_as_before() {
    dirty.closed(D, F);
    long since = now;
    take();
    assertThat(dirty.size()).isPositive();
    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
    pass(100);
    dirty.changed(D, F);
    dirty.failed();

    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
    assertThat(take().changes().names()).isEqualTo(Map.of(D, Map.of(F, Manner.WRITTEN)));
    dirty.shipped();
    assertThat(dirty.size()).isZero();
    assertThat(dirty.dirtySince()).isEmpty();
  }

  @Test
  void a_directory_that_did_not_arrive_is_walked_the_next_time() {
    dirty.appeared(TreePath.ROOT, Name.of("d"));
    take();
    dirty.failed();

    assertThat(take().changes().names())
        .isEqualTo(Map.of(TreePath.ROOT, Map.of(Name.of("d"), Manner.ARRIVED)));
  }

  @Test
  void a_directory_that_changed_itself_is_as_old_as_its_change() {
    dirty.changedDirectory(D);
    long since = now;
    pass(5);

    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
    assertThat(take().changes().names()).isEqualTo(Map.of(D, Map.of()));
    dirty.failed();
    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
    assertThat(take().since()).isEqualTo(since);
  }

  @Test
  void what_is_renamed_while_it_is_shipped_is_as_old_as_before() {
    dirty.closed(D, F);
    long since = now;
    take();
    pass(5);
    dirty.renamed(TreePath.ROOT, Name.of("d"), TreePath.ROOT, Name.of("d2"));
    dirty.shipped();

    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
  }

  @Test
  void one_batch_at_a_time() {
    dirty.closed(D, F);
    take();
    dirty.closed(D, G);

    assertThat(dirty.take(100)).isNull();
  }

  @Test
  void what_lies_below_a_directory_that_is_walked_needs_no_mention() {
    dirty.appeared(TreePath.ROOT, Name.of("d"));
    dirty.closed(D, F);
    dirty.closed(D.resolve(Name.of("e")), G);
    dirty.tree(D.resolve(Name.of("e")));

    Batch batch = take();
    assertThat(batch.changes().names())
        .isEqualTo(Map.of(TreePath.ROOT, Map.of(Name.of("d"), Manner.ARRIVED)));
    assertThat(batch.changes().trees()).isEmpty();
  }

  @Test
  void a_directory_that_arrived_is_walked_once() {
    dirty.appeared(TreePath.ROOT, Name.of("d"));
    dirty.tree(D);

    Batch batch = take();
    assertThat(batch.changes().names())
        .isEqualTo(Map.of(TreePath.ROOT, Map.of(Name.of("d"), Manner.ARRIVED)));
    assertThat(batch.changes().trees()).isEmpty();
  }

  @Test
  void hints_move_with_their_directory() {
    dirty.writing(D, F);
    dirty.renamed(TreePath.ROOT, Name.of("d"), TreePath.ROOT, Name.of("d2"));
    assertThat(take().changes().names())
        .isEqualTo(
            Map.of(
                TreePath.ROOT,
                Map.of(Name.of("d"), Manner.TOUCHED, Name.of("d2"), Manner.ARRIVED)));
    dirty.shipped();
    pass(50);

    assertThat(take().changes().names())
        .isEqualTo(Map.of(TreePath.of("d2"), Map.of(F, Manner.WRITTEN)));
  }

  @Test
  @DisplayName("C58: more than can be kept apart becomes doubt, which only a pass ends")
  void too_much_becomes_doubt() {
    long since = now;
    for (int i = 0; i < 21; i++) {
      dirty.closed(TreePath.of("d" + i), F);
      pass(1);
    }

    assertThat(dirty.isInDoubt()).isTrue();
    assertThat(dirty.doubt()).contains("more than 20 changes");
    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
    DirtySet.Doubt doubt = dirty.beginPass();
    assertThat(dirty.isInDoubt()).isFalse();
    dirty.doubtAgain(doubt);
    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
  }

  @Test
  void what_changes_after_a_doubt_wakes_somebody() {
    dirty.inDoubt("anything");
    dirty.beginPass();
    assertThat(dirty.untilDue()).isEqualTo(Long.MAX_VALUE);
    int before = wakes;

    dirty.closed(D, F);

    assertThat(wakes).isEqualTo(before + 1);
    assertThat(dirty.untilDue()).isZero();
  }

  @Test
  void a_busy_file_comes_again_and_is_as_old_as_before() {
    dirty.closed(D, F);
    long since = now;
    Batch batch = take();
    pass(5);
    dirty.again(D.resolve(F), batch.since(), Duration.ofMillis(500));
    dirty.shipped();

    assertThat(dirty.dirtySince()).isEqualTo(OptionalLong.of(since));
    assertThat(dirty.untilDue()).isEqualTo(Duration.ofMillis(500).toNanos());
  }
}
