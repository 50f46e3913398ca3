package io.driftless.perf;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How values are spread; there is at least one.
 *
 * @param sorted ascending
 */
record Distribution(List<Double> sorted) {
  Distribution {
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("no values");
    }
    sorted = sorted.stream().sorted().toList();
  }

  static Distribution of(DoubleStream values) {
    return new Distribution(values.boxed().toList());
  }

  double median() {
    return quantile(0.5);
  }

  /** The smallest value that so large a part of all does not exceed. */
  double quantile(double part) {
    int rank = (int) Math.ceil(part * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  double max() {
    return sorted.getLast();
  }
}
