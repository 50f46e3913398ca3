package io.driftless.cli.health;

import java.util.Locale;
import java.util.Optional;

/**
 * A number for those that draw graphs.
 *
 * @param unit {@code s}, {@code B} or empty
 * @param warning where it begins to be of concern
 */
public record Measure(
    String label, double value, String unit, Optional<Double> warning, Optional<Double> critical) {

  /** {@code www_lag=0.018s;15;30;0}. */
  public String text() {
    return "%s=%s%s;%s;%s;0"
        .formatted(
            label,
            number(value),
            unit,
            warning.map(Measure::number).orElse(""),
            critical.map(Measure::number).orElse(""));
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
