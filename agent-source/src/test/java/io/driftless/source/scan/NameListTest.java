package io.driftless.source.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class NameListTest {
  @Test
  void a_name_that_is_told_twice_counts_once() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    var list = new NameList();
    for (int round = 0; round < 3; round++) {
      list.clear();
      var expected = new LinkedHashSet<Name>();
      for (int i = 0; i < 20_000 >> (3 * round); i++) {
        Name name = Name.of("n" + random.nextInt(10_000));
        expected.add(name);
        list.add(name, Kind.FIFO);
      }

      var names = new ArrayList<Name>();
      for (int i = 0; i < list.size(); i++) {
        names.add(list.name(i));
        assertThat(list.kind(i)).isEqualTo(Kind.FIFO);
      }
      assertThat(names).as("seed %d", seed).containsExactlyElementsOf(expected);
    }
  }
}
