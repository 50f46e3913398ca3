package io.driftless.perf;

import io.driftless.perf.ThrottleTrial.Run;
import io.driftless.perf.ThrottleTrial.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What the samples of a run say of its rates, in Mbit/s. */
final class Rates {
  private static final double WINDOW = 1;

  private final List<Sample> samples;

  Rates(Run run) {
    this.samples = run.samples();
  }

  /** The rate over a window that ends at a sample. */
  record Rate(double second, double megabits) {}

  /** The rates of all windows of so many seconds that begin at a second or later. */
  List<Rate> windows(double seconds, double from) {
    var rates = new ArrayList<Rate>();
    int first = 0;
    for (Sample sample : samples) {
      while (samples.get(first + 1).second() <= sample.second() - seconds) {
        first++;
      }
      Sample begin = samples.get(first);
      if (begin.second() >= from && sample.second() - begin.second() >= seconds) {
        rates.add(new Rate(sample.second(), rate(begin, sample)));
      }
    }
    return rates;
  }

  private static double rate(Sample begin, Sample end) {
    return (end.bytes() - begin.bytes()) * 8e-6 / (end.second() - begin.second());
  }

  /** By how much the worst window of a second after the first one is off, as a share. */
  double worst(int megabits) {
    return windows(WINDOW, WINDOW).stream()
        .mapToDouble(rate -> Math.abs(rate.megabits() / megabits - 1))
        .max()
        .orElse(Double.NaN);
  }

  /** By how much all of it after the first second is off, as a share. */
  double mean(int megabits) {
    Sample begin =
        samples.stream().filter(sample -> sample.second() >= WINDOW).findFirst().orElseThrow();
    return rate(begin, samples.getLast()) / megabits - 1;
  }

  /** Seconds from a moment until a short window keeps to a limit; empty if none does. */
  OptionalDouble effect(double from, double until, int megabits) {
    double tolerance = Math.max(0.1 * megabits, 0.2);
    return windows(0.25, from).stream()
        .filter(rate -> rate.second() <= until)
        .filter(rate -> Math.abs(rate.megabits() - megabits) <= tolerance)
        .mapToDouble(rate -> rate.second() - 0.25 - from)
        .findFirst();
  }
}
