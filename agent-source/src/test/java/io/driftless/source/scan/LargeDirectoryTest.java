package io.driftless.source.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.send.Branch;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** C6. */
final class LargeDirectoryTest {
  private static final int SLICE_MAX = 1024;

  @Test
  void every_name_lands_in_just_one_scope_and_none_is_too_large() {
    long seed = new SplittableRandom().nextLong();
    var hash = new SeededHash(seed);
    int count = 50_000;
    var large = LargeDirectory.of(new Branch(null), TreePath.ROOT, count, SLICE_MAX);
    var seen = new HashSet<Name>();
    for (int prefix = 0; prefix < large.scopes(); prefix += large.scopesAtOnce()) {
      var sorter = large.new Sorter(hash, prefix, SLICE_MAX);
      for (int i = 0; i < count; i++) {
        sorter.add(Name.of("name-" + i), Kind.REGULAR);
      }
      assertThat(sorter.isOverflown()).as("seed %d", seed).isFalse();
      for (int list = 0; list < sorter.lists().size(); list++) {
        NameList names = sorter.lists().get(list);
        for (int i = 0; i < names.size(); i++) {
          assertThat(large.scope(prefix + list).contains(hash.hash64(names.name(i)))).isTrue();
          assertThat(seen.add(names.name(i))).isTrue();
        }
      }
    }

    assertThat(seen).as("seed %d", seed).hasSize(count);
  }

  @Test
  void one_reading_holds_a_bounded_number_of_names() {
    var large = LargeDirectory.of(new Branch(null), TreePath.ROOT, 10_000_000, 16 * 1024);

    long namesAtOnce = 10_000_000L / large.scopes() * large.scopesAtOnce();

    assertThat(namesAtOnce).isLessThanOrEqualTo(128 * 1024);
    assertThat(10_000_000L / large.scopes()).isLessThanOrEqualTo(8 * 1024);
  }
}
