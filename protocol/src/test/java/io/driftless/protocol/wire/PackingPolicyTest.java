package io.driftless.protocol.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.wire.PackingPolicy.Codec;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PackingPolicyTest {
  private static final int BUNDLE = 1 << 20;
  private static final double MEGABYTE = 1e6;

  /** What a codec really does, in this simulation. */
  private record Truth(double ratio, double secondsPerByte) {}

  private static final Map<Codec, Truth> TEXT =
      Map.of(
          Codec.PLAIN, new Truth(1, 0),
          Codec.LZ4, new Truth(0.5, 2e-9),
          Codec.ZSTD_1, new Truth(0.33, 3e-9),
          Codec.ZSTD_3, new Truth(0.28, 6e-9),
          Codec.CHAIN_3, new Truth(0.26, 6.6e-9),
          Codec.CHAIN_7, new Truth(0.25, 12e-9));

  private final PackingPolicy policy = new PackingPolicy(1, 1);

  @Test
  void a_wire_that_takes_everything_is_never_compressed_for() {
    assertThat(choices(Double.POSITIVE_INFINITY, TEXT, 1000)).containsOnlyKeys(Codec.PLAIN);
  }

  @Test
  void loopback_settles_on_plain_and_tries_nothing() {
    assertThat(choices(900 * MEGABYTE, TEXT, 1000)).containsOnlyKeys(Codec.PLAIN);
  }

  @Test
  void a_slow_wire_gets_the_best_ratio() {
    Map<Codec, Integer> choices = choices(2 * MEGABYTE, TEXT, 1000);
    assertThat(choices.getOrDefault(Codec.CHAIN_7, 0)).isGreaterThan(930);
    assertThat(choices.getOrDefault(Codec.PLAIN, 0)).isZero();
  }

  @Test
  void a_middling_wire_gets_a_fast_codec() {
    Map<Codec, Integer> choices = choices(150 * MEGABYTE, TEXT, 1000);
    assertThat(choices.getOrDefault(Codec.LZ4, 0) + choices.getOrDefault(Codec.ZSTD_1, 0))
        .isGreaterThan(900);
  }

  @Test
  void codec_and_wire_work_at_the_same_time() {
    assertThat(choices(100 * MEGABYTE, TEXT, 1000).getOrDefault(Codec.PLAIN, 0)).isLessThan(40);
    assertThat(choices(40 * MEGABYTE, TEXT, 1000).getOrDefault(Codec.CHAIN_3, 0))
        .isGreaterThan(900);
    assertThat(choices(12 * MEGABYTE, TEXT, 1000).getOrDefault(Codec.CHAIN_7, 0))
        .isGreaterThan(900);
  }

  @Test
  void what_was_held_up_for_a_while_is_not_taken_to_be_slow_for_long() {
    for (int i = 0; i < 40; i++) {
      policy.packed(Codec.CHAIN_7, BUNDLE, BUNDLE / 4, (long) (40e-9 * BUNDLE * 1e9));
    }
    assertThat(policy.choose(12 * MEGABYTE)).isNotEqualTo(Codec.CHAIN_7);

    assertThat(choices(12 * MEGABYTE, TEXT, 1000).getOrDefault(Codec.CHAIN_7, 0))
        .isGreaterThan(500);
  }

  @Test
  void what_is_slow_is_seldom_tried() {
    var slow = new EnumMap<>(TEXT);
    slow.put(Codec.CHAIN_7, new Truth(0.25, 30e-9));

    assertThat(choices(12 * MEGABYTE, slow, 2000).getOrDefault(Codec.CHAIN_7, 0)).isLessThan(200);
  }

  @Test
  void more_threads_pack_for_a_faster_wire() {
    assertThat(new PackingPolicy(8, 2).choose(700 * MEGABYTE)).isNotEqualTo(Codec.PLAIN);
    assertThat(policy.choose(700 * MEGABYTE)).isEqualTo(Codec.PLAIN);
  }

  @Test
  void where_nothing_is_known_the_quick_codec_is_taken_and_no_other_tried() {
    assertThat(choices(DrainRate.FIRST, TEXT, 1000)).containsOnlyKeys(Codec.LZ4);
  }

  @Test
  void small_bundles_tell_nothing_of_speed() {
    for (int i = 0; i < 100; i++) {
      policy.packed(Codec.LZ4, 1000, 500, 1_000_000);
    }

    assertThat(policy.choose(DrainRate.FIRST)).isEqualTo(Codec.LZ4);
  }

  @Test
  void trials_are_at_most_one_in_thirty_two() {
    choices(150 * MEGABYTE, TEXT, 1000);
    Map<Codec, Integer> settled = choices(150 * MEGABYTE, TEXT, 3200);
    int others = 3200 - Collections.max(settled.values());
    assertThat(others).isBetween(1, 100);
  }

  @Test
  void chains_are_not_begun_for_a_trial() {
    Map<Codec, Integer> settled = choices(150 * MEGABYTE, TEXT, 3200);
    assertThat(settled.keySet()).noneMatch(Codec::isChained);
  }

  @Test
  void chains_that_gained_nothing_are_found_again() {
    Map<Codec, Truth> alike = new EnumMap<>(TEXT);
    alike.replaceAll(
        (codec, truth) -> new Truth(codec.isChained() ? 0.85 : 0.84, truth.secondsPerByte()));
    choices(5 * MEGABYTE, alike, 1000);
    assertThat(choices(5 * MEGABYTE, alike, 1000).getOrDefault(Codec.CHAIN_7, 0)).isLessThan(60);

    choices(5 * MEGABYTE, TEXT, 5000);
    assertThat(choices(5 * MEGABYTE, TEXT, 1000).getOrDefault(Codec.CHAIN_7, 0)).isGreaterThan(900);
  }

  @Test
  void a_chain_changes_only_if_that_is_better_time_and_again() {
    choices(12 * MEGABYTE, TEXT, 1000);
    assertThat(policy.chained()).isEqualTo(Codec.CHAIN_7);
    choices(40 * MEGABYTE, TEXT, 20);
    assertThat(policy.chained()).isEqualTo(Codec.CHAIN_7);
    choices(40 * MEGABYTE, TEXT, 20);
    assertThat(policy.chained()).isEqualTo(Codec.CHAIN_3);
  }

  @Test
  void a_codec_that_gains_nothing_is_dropped_and_found_again() {
    Map<Codec, Truth> dense = new EnumMap<>(TEXT);
    dense.replaceAll((codec, truth) -> new Truth(1, truth.secondsPerByte()));
    choices(2 * MEGABYTE, dense, 500);
    assertThat(choices(2 * MEGABYTE, dense, 320).getOrDefault(Codec.PLAIN, 0)).isGreaterThan(280);

    choices(2 * MEGABYTE, TEXT, 10_000);
    assertThat(choices(2 * MEGABYTE, TEXT, 320).getOrDefault(Codec.PLAIN, 0)).isZero();
  }

  @Test
  void a_codec_that_was_held_up_once_is_not_given_up() {
    policy.packed(Codec.CHAIN_7, BUNDLE, BUNDLE / 3, 2_000_000_000L);
    assertThat(choices(2 * MEGABYTE, TEXT, 100).getOrDefault(Codec.CHAIN_7, 0)).isGreaterThan(90);
  }

  @Test
  void what_waits_for_a_core_every_other_time_does_not_seem_slow() {
    for (int i = 0; i < 100; i++) {
      for (Codec codec : List.of(Codec.ZSTD_1, Codec.CHAIN_7)) {
        Truth truth = requireNonNull(TEXT.get(codec));
        int times = i % 2 == 0 ? 10 : 1;
        policy.packed(
            codec,
            BUNDLE,
            (int) (truth.ratio() * BUNDLE),
            (long) (times * truth.secondsPerByte() * BUNDLE * 1e9));
      }
    }

    assertThat(policy.choose(12 * MEGABYTE)).isEqualTo(Codec.CHAIN_7);
  }

  private Map<Codec, Integer> choices(double wire, Map<Codec, Truth> truths, int bundles) {
    Map<Codec, Integer> counts = new EnumMap<>(Codec.class);
    for (int i = 0; i < bundles; i++) {
      Codec codec = policy.choose(wire);
      Truth truth = requireNonNull(truths.get(codec));
      policy.packed(
          codec,
          BUNDLE,
          (int) (truth.ratio() * BUNDLE),
          (long) (truth.secondsPerByte() * BUNDLE * 1e9));
      counts.merge(codec, 1, Integer::sum);
    }
    return counts;
  }
}
