package io.driftless.perf;

import io.driftless.perf.process.Usage.ProcessUsage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The laps of one contender, in order; there is at least one. */
record Series(String label, List<Lap> laps) {
  Series {
    laps = List.copyOf(laps);
    if (laps.isEmpty()) {
      throw new IllegalArgumentException("no laps of " + label);
    }
  }

  double wallSecondsMin() {
    return laps.stream().mapToDouble(Lap::wallSeconds).min().orElseThrow();
  }

  double wallSecondsMax() {
    return laps.stream().mapToDouble(Lap::wallSeconds).max().orElseThrow();
  }

  double median(ToDoubleFunction<Lap> value) {
    return median(laps.stream().mapToDouble(value).toArray());
  }

  /**
   * How many times the other's time this took: the median over pairs of the same round. A series of
   * another length is compared by its median.
   */
  double timesAsLongAs(Series other, ToDoubleFunction<Lap> value) {
    if (other.laps.size() != laps.size()) {
      return median(value) / other.median(value);
    }
    return median(
        IntStream.range(0, laps.size())
            .mapToDouble(
                i -> value.applyAsDouble(laps.get(i)) / value.applyAsDouble(other.laps.get(i)))
            .toArray());
  }

  OptionalLong wireBytes() {
    return laps.getLast().wireBytes();
  }

  /** The median, if there is a slow link. */
  OptionalDouble linkShare() {
    return laps.stream().allMatch(lap -> lap.linkShare().isPresent())
        ? OptionalDouble.of(median(lap -> lap.linkShare().orElseThrow()))
        : OptionalDouble.empty();
  }

  /** The greatest resident memory of any process of each name. */
  Map<String, Long> peakBytesByProcess() {
    var peaks = new LinkedHashMap<String, Long>();
    for (Lap lap : laps) {
      for (ProcessUsage process : lap.processes()) {
        peaks.merge(process.name(), process.peakBytes(), Math::max);
      }
    }
    return peaks;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
