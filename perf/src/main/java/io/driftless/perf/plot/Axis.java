package io.driftless.perf.plot;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Where values lie between two ends, 0 to 1, beyond them at the nearer one.
 *
 * @param scale whether equal steps are equal differences or equal ratios
 */
public record Axis(double least, double most, Scale scale) {
  public Axis {
    if (!(least < most) || scale == Scale.LOGARITHMIC && least <= 0) {
      throw new IllegalArgumentException("no axis from %f to %f".formatted(least, most));
    }
  }

  /** What equal steps are. */
  public enum Scale {
    LINEAR,
    LOGARITHMIC
  }

  /** From a power of ten to a power of ten, all values between them. */
  public static Axis aroundLogarithmic(double least, double most) {
    double below = Math.pow(10, Math.floor(Math.log10(least)));
    double above = Math.pow(10, Math.ceil(Math.log10(most)));
    return new Axis(below, above > below ? above : 10 * below, Scale.LOGARITHMIC);
  }

  double share(double value) {
    double within = Math.clamp(value, least, most);
    return switch (scale) {
      case LINEAR -> (within - least) / (most - least);
      case LOGARITHMIC -> Math.log(within / least) / Math.log(most / least);
    };
  }

  /** Powers of ten on a logarithmic axis, some five round values on a linear one. */
  List<Double> marks() {
    if (scale == Scale.LOGARITHMIC) {
      int first = (int) Math.ceil(Math.log10(least) - 1e-9);
      int last = (int) Math.floor(Math.log10(most) + 1e-9);
      return IntStream.rangeClosed(first, last).mapToObj(power -> Math.pow(10, power)).toList();
    }
    double power = Math.pow(10, Math.floor(Math.log10((most - least) / 5)));
    double rough = (most - least) / 5 / power;
    double step = power * (rough < 1.5 ? 1 : rough < 3.5 ? 2 : rough < 7.5 ? 5 : 10);
    int first = (int) Math.ceil(least / step - 1e-9);
    int last = (int) Math.floor(most / step + 1e-9);
    return IntStream.rangeClosed(first, last).mapToObj(i -> i * step).toList();
  }
}
