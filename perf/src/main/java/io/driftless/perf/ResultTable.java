package io.driftless.perf;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A result for people. */
final class ResultTable {
  private static final String HEAD =
      "%-24s %8s %8s %8s %6s %8s %6s %8s %8s %6s  %s"
          .formatted(
              "contender",
              "min s",
              "median s",
              "max s",
              "ratio",
              "sync'd s",
              "ratio",
              "CPU s",
              "wire MB",
              "link %",
              "peak MiB");

  /** The shells that start the others are not what matters. */
  private static final long NOTEWORTHY_BYTES = 4 << 20;

  private ResultTable() {}

  static String of(Outcome outcome) {
    String title =
        String.format(
            Locale.ROOT,
            "%s: %s (load before: %.1f)%n",
            outcome.label(),
            outcome.description(),
            outcome.loadBefore());
    return title
        + switch (outcome) {
          case Trial.Result transfers -> of(transfers);
          case LagTrial.Result lags -> FollowTable.of(lags);
          case ChurnTrial.Result chases -> FollowTable.of(chases);
          case HundredTrial.Result hundred -> FollowTable.of(hundred);
          case WatchTrial.Result watch -> FollowTable.of(watch);
          case CrowdTrial.Result crowd -> FollowTable.of(crowd);
          case ScalingTrial.Result scaling -> ScalingTable.of(scaling);
          case ThrottleTrial.Result throttle -> RateTable.of(throttle);
        };
  }

  private static String of(Trial.Result result) {
    var table = new StringBuilder(HEAD).append(System.lineSeparator());
    Optional<Series> driftless = result.driftless();
    result.series().forEach(series -> table.append(row(series, driftless)));
    return table.toString();
  }

  private static String row(Series series, Optional<Series> driftless) {
    return String.format(
        Locale.ROOT,
        "%-24s %8.2f %8.2f %8.2f %6s %8.2f %6s %8.2f %8s %6s  %s%n",
        series.label(),
        series.wallSecondsMin(),
        series.median(Lap::wallSeconds),
        series.wallSecondsMax(),
        ratio(series, driftless, Lap::wallSeconds),
        series.median(Lap::durableSeconds),
        ratio(series, driftless, Lap::durableSeconds),
        series.median(Lap::cpuSeconds),
        megabytes(series.wireBytes()),
        percent(series.linkShare()),
        peaks(series));
  }

  private static String ratio(
      Series series, Optional<Series> driftless, ToDoubleFunction<Lap> value) {
    return driftless
        .map(base -> String.format(Locale.ROOT, "%.2f", series.timesAsLongAs(base, value)))
        .orElse("-");
  }

  private static String megabytes(OptionalLong bytes) {
    return bytes.isPresent() ? String.format(Locale.ROOT, "%.1f", bytes.getAsLong() / 1e6) : "-";
  }

  private static String percent(OptionalDouble share) {
    return share.isPresent() ? String.format(Locale.ROOT, "%.1f", 100 * share.getAsDouble()) : "-";
  }

  private static String peaks(Series series) {
    return series.peakBytesByProcess().entrySet().stream()
        .filter(peak -> peak.getValue() >= NOTEWORTHY_BYTES)
        .map(peak -> peak.getKey() + " " + Math.round(peak.getValue() / 1_048_576.0))
        .collect(Collectors.joining(", "));
  }
}
