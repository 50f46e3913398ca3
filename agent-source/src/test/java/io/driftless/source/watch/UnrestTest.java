package io.driftless.source.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a dirty set tells of where a volume did not hold still. */
final class UnrestTest {
  private static final TreePath D = TreePath.of("d");
  private static final Name F = Name.of("f");

  private final AtomicInteger losses = new AtomicInteger();
  private final DirtySet dirty = new DirtySet(() -> 0, () -> {}, 20);
  private final Unrest unrest = new Unrest(losses::incrementAndGet, 1000);

  private boolean covers(String path) {
    return unrest.covers(TreePath.of(path));
  }

  @Test
  void where_nothing_moves_everything_counts() {
    dirty.tell(unrest);

    assertThat(covers("d/f")).isFalse();
    assertThat(unrest.covers(TreePath.ROOT)).isFalse();
    assertThat(unrest.isLost()).isFalse();
  }

  @Test
  void a_change_covers_the_entry_and_the_directory_that_holds_it() {
    dirty.tell(unrest);
    dirty.changed(D, F);

    assertThat(covers("d/f")).isTrue();
    assertThat(covers("d")).isTrue();
    assertThat(unrest.covers(TreePath.ROOT)).as("what is staged is staged there").isTrue();
    assertThat(covers("d/g")).isFalse();
    assertThat(covers("d/f/below")).isFalse();
    assertThat(unrest.coversPresence(TreePath.of("d/f/below"))).as("it may have gone").isTrue();
    assertThat(unrest.coversPresence(TreePath.of("d/g"))).isFalse();
  }

  @Test
  void what_was_dirty_or_being_shipped_before_is_covered_to_the_end() {
    dirty.closed(D, F);
    assertThat(dirty.take(100)).isNotNull();
    dirty.closed(D, Name.of("g"));
    dirty.tree(TreePath.of("t"));

    dirty.tell(unrest);
    dirty.shipped();

    assertThat(covers("d/f")).isTrue();
    assertThat(covers("d/g")).isTrue();
    assertThat(covers("t/any/where")).isTrue();
    assertThat(covers("u")).isFalse();
  }

  @Test
  void both_places_of_what_is_renamed_are_covered_with_all_below() {
    dirty.tell(unrest);
    dirty.renamed(D, F, TreePath.of("e"), Name.of("g"));

    assertThat(covers("d/f/below")).isTrue();
    assertThat(covers("e/g/below")).isTrue();
    assertThat(covers("d")).isTrue();
    assertThat(covers("e")).isTrue();
    assertThat(covers("d/other")).isFalse();
  }

  @Test
  void what_appears_comes_with_all_below() {
    dirty.tell(unrest);
    dirty.appeared(D, F);

    assertThat(covers("d/f/deep/below")).isTrue();
  }

  @Test
  void what_is_shipped_along_or_tried_again_is_covered() {
    dirty.tell(unrest);
    dirty.unsettled(TreePath.of("other/name"));
    dirty.again(TreePath.of("busy/file"), 0, Duration.ofSeconds(1));

    assertThat(covers("other/name")).isTrue();
    assertThat(covers("other")).isTrue();
    assertThat(covers("busy/file")).isTrue();
  }

  @Test
  void what_is_in_doubt_is_covered_where_a_pass_finds_something() {
    dirty.tell(unrest);
    dirty.changedInode(7);
    dirty.beginPass();
    dirty.unsettledIn(D);

    assertThat(unrest.isLost()).isFalse();
    assertThat(covers("d")).isTrue();
    assertThat(covers("d/f")).isTrue();
    assertThat(covers("d/f/below")).isFalse();
    assertThat(unrest.coversPresence(TreePath.of("d/f/below"))).isTrue();
    assertThat(covers("e/f")).isFalse();
  }

  @Test
  void where_changes_are_not_noticed_any_more_it_is_lost_once_and_for_all() {
    dirty.tell(unrest);
    dirty.lose("nothing is watched");
    dirty.lose("again");

    assertThat(unrest.isLost()).isTrue();
    assertThat(unrest.reason()).isEqualTo("nothing is watched");
    assertThat(losses).hasValue(1);
  }

  @Test
  void it_is_bounded() {
    for (int i = 0; i < 600; i++) {
      unrest.tree(TreePath.of("d/f" + i));
    }
    assertThat(unrest.isLost()).isFalse();
    assertThat(covers("d/f599")).isTrue();

    for (int i = 600; i < 1100; i++) {
      unrest.tree(TreePath.of("d/f" + i));
    }

    assertThat(unrest.isLost()).isTrue();
    assertThat(losses).hasValue(1);
  }

  @Test
  void nobody_listens_any_more() {
    dirty.tell(unrest);
    dirty.tellNobody();
    dirty.changed(D, F);
    dirty.lose("nothing is watched");

    assertThat(covers("d/f")).isFalse();
    assertThat(unrest.isLost()).isFalse();
  }
}
