package io.driftless.source.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SliceNamesTest {
  @Test
  void names_of_regular_files_are_found_by_their_index() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    var names = new SliceNames();
    var expected = new ArrayList<Name>();
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(255)];
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = (byte) (0x30 + random.nextInt(0xCF));
      }
      Name name = Name.of(bytes);
      expected.add(name);
      names.add(name, i % 3 == 0 ? LinkRole.FIRST : LinkRole.ONLY);
    }

    for (int i = 0; i < expected.size(); i++) {
      assertThat(names.require(7, i).name())
          .as("seed %d index %d", seed, i)
          .isEqualTo(expected.get(i));
      assertThat(names.require(7, i).role()).isEqualTo(i % 3 == 0 ? LinkRole.FIRST : LinkRole.ONLY);
    }
  }

  @Test
  void what_has_no_content_of_its_own_may_not_be_asked_for() {
    var names = new SliceNames();
    names.skip();
    names.add(Name.of("later"), LinkRole.LATER);

    assertThatThrownBy(() -> names.require(1, 0)).isInstanceOf(ViolationException.class);
    assertThatThrownBy(() -> names.require(1, 1)).isInstanceOf(ViolationException.class);
    assertThatThrownBy(() -> names.require(1, 2)).isInstanceOf(ViolationException.class);
    assertThatThrownBy(() -> names.require(1, -1)).isInstanceOf(ViolationException.class);
  }
}
