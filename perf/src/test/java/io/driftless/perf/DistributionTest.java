package io.driftless.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DistributionTest {
  private final Distribution hundred =
      Distribution.of(IntStream.rangeClosed(1, 100).map(i -> 101 - i).asDoubleStream());

  @Test
  void a_quantile_is_the_smallest_value_that_so_many_do_not_exceed() {
    assertThat(hundred.median()).isEqualTo(50);
    assertThat(hundred.quantile(0.99)).isEqualTo(99);
    assertThat(hundred.max()).isEqualTo(100);
  }

  @Test
  void every_quantile_of_a_single_value_is_that_value() {
    var single = Distribution.of(IntStream.of(7).asDoubleStream());

    assertThat(single.quantile(0)).isEqualTo(7);
    assertThat(single.quantile(0.99)).isEqualTo(7);
  }
}
