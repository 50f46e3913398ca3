package io.driftless.protocol.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.tree.Digest;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What one segment teaches about the next, and the sizes and hashes that everything goes by. */
final class TacticsTest {
  private static final int MIB = 1024 * 1024;

  @Test
  void a_search_in_vain_makes_the_next_one_rarer_and_wider() {
    var pursuit = new Pursuit();
    assertThat(pursuit.searches(4 * MIB)).isTrue();
    long near = pursuit.reachBytes();

    pursuit.foundNothing();
    assertThat(pursuit.searches(4 * MIB)).isFalse();
    assertThat(pursuit.searches(4 * MIB)).isTrue();
    assertThat(pursuit.reachBytes()).isEqualTo(2 * near);
    assertThat(pursuit.isDoubtful()).isTrue();

    for (int i = 0; i < 100; i++) {
      pursuit.foundNothing();
    }
    assertThat(pursuit.reachBytes()).isEqualTo(32 * near);
    for (int i = 0; i < 127; i++) {
      assertThat(pursuit.searches(4 * MIB)).isFalse();
    }
    assertThat(pursuit.searches(4 * MIB)).isTrue();

    pursuit.found();
    assertThat(pursuit.searches(4 * MIB)).isTrue();
    assertThat(pursuit.reachBytes()).isEqualTo(near);
    assertThat(pursuit.isDoubtful()).isFalse();
  }

  @Test
  void a_pause_is_as_long_in_longer_segments_and_holds_while_a_search_is_under_way() {
    var pursuit = new Pursuit();
    assertThat(pursuit.searches(16 * MIB)).isTrue();
    for (int i = 0; i < 4; i++) {
      pursuit.foundNothing();
    }

    for (int search = 0; search < 3; search++) {
      for (int i = 0; i < 4; i++) {
        assertThat(pursuit.searches(16 * MIB)).isFalse();
      }
      assertThat(pursuit.searches(16 * MIB)).isTrue();
    }
  }

  @Test
  void the_last_match_of_some_length_leads_on() {
    var alignment = new Alignment();
    assertThat(alignment.displacement()).isZero();

    alignment.learn(delta(new Run.Literal(100), new Run.Match(0, 10 * MIB)));
    assertThat(alignment.displacement()).isEqualTo(100);

    alignment.learn(
        delta(new Run.Match(0, 5 * MIB), new Run.Match(9 * MIB, 5 * MIB), new Run.Match(0, 4096)));
    assertThat(alignment.displacement()).isEqualTo(-4 * MIB);

    alignment.learn(delta(new Run.Literal(MIB)));
    assertThat(alignment.displacement()).isEqualTo(-4 * MIB);
  }

  private static Delta delta(Run... runs) {
    long length = List.of(runs).stream().mapToLong(Run::length).sum();
    return new Delta(new Range(0, length), List.of(runs), Digest.EMPTY);
  }

  @Test
  void blocks_grow_with_the_root_of_the_file() {
    assertThat(BlockSize.forFile(0).bytes()).isEqualTo(4096);
    assertThat(BlockSize.forFile(16 * MIB).bytes()).isEqualTo(4096);
    assertThat(BlockSize.forFile(16 * MIB + 1).bytes()).isEqualTo(8192);
    assertThat(BlockSize.forFile(2048L * MIB).bytes()).isEqualTo(64 * 1024);
    assertThat(BlockSize.forFile(Long.MAX_VALUE).bytes()).isEqualTo(BlockSize.BYTES_MAX);
    assertThat(BlockSize.forFile(2048L * MIB).forSearch().bytes()).isEqualTo(16 * 1024);
    assertThat(BlockSize.LEAF.forSearch()).isEqualTo(BlockSize.LEAF);
  }

  @Test
  void a_weak_hash_is_the_polynomial_that_it_says_it_is() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    byte[] content = new byte[5000];
    random.nextBytes(content);
    var bytes = MemorySegment.ofArray(content);
    for (int length : new int[] {0, 1, 7, 8, 9, 63, 4096, 4099}) {
      int offset = random.nextInt(content.length - length);
      int slow = 0;
      for (int i = 0; i < length; i++) {
        slow = slow * WeakHash.MULTIPLIER + Byte.toUnsignedInt(content[offset + i]);
      }
      assertThat(WeakHash.of(bytes, offset, length)).as("seed %d", seed).isEqualTo(slow);
    }
  }

  @Test
  void the_digest_of_a_file_does_not_depend_on_the_order_of_its_segments() {
    var first = new Range(0, 10);
    var second = new Range(10, 10);
    var one = new FileDigest(Counting.strong());
    one.add(first, new Digest(1, 2));
    one.add(second, new Digest(3, 4));
    var other = new FileDigest(Counting.strong());
    other.add(second, new Digest(3, 4));
    other.add(first, new Digest(1, 2));
    var swapped = new FileDigest(Counting.strong());
    swapped.add(first, new Digest(3, 4));
    swapped.add(second, new Digest(1, 2));

    assertThat(one.digest()).isEqualTo(other.digest()).isNotEqualTo(swapped.digest());
  }
}
