package io.driftless.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftless.perf.process.Usage.ProcessUsage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class SeriesTest {
  @Test
  void rounds_are_compared_pair_by_pair() {
    Series base = series(1, 2, 4);
    Series other = series(3, 4, 4);

    double ratio = other.timesAsLongAs(base, Lap::wallSeconds);

    assertThat(ratio).isCloseTo(2.0, within(1e-9)); // of 3, 2 and 1
  }

  @Test
  void series_of_different_length_are_compared_by_their_medians() {
    assertThat(series(6).timesAsLongAs(series(1, 2, 4), Lap::wallSeconds))
        .isCloseTo(3.0, within(1e-9));
  }

  @Test
  void the_median_of_an_even_number_lies_between_the_middle_two() {
    assertThat(series(1, 2, 4, 9).median(Lap::wallSeconds)).isCloseTo(3.0, within(1e-9));
  }

  @Test
  void the_peak_of_a_name_is_the_greatest_of_its_processes_in_any_lap() {
    var series = new Series("rsync", List.of(lap(1, usage("rsync", 5), usage("rsync", 9)), lap(1)));

    assertThat(series.peakBytesByProcess()).containsExactly(java.util.Map.entry("rsync", 9L));
  }

  private static Series series(double... wallSeconds) {
    return new Series(
        "some", Arrays.stream(wallSeconds).mapToObj(seconds -> lap(seconds)).toList());
  }

  private static Lap lap(double wallSeconds, ProcessUsage... processes) {
    var wall = Duration.ofMillis(Math.round(wallSeconds * 1000));
    return new Lap(
        wall,
        Duration.ZERO,
        List.of(processes),
        List.of(),
        OptionalLong.empty(),
        OptionalDouble.empty());
  }

  private static ProcessUsage usage(String name, long peakBytes) {
    return new ProcessUsage(name, 0, peakBytes);
  }
}
