package io.driftless.perf;

import io.driftless.perf.LagTrial.Lags;
import io.driftless.perf.LagTrial.Sample;
import io.driftless.perf.contender.Follower.Standing;
import io.driftless.perf.contender.Kind;
import io.driftless.perf.data.SmallChanges;
import io.driftless.perf.process.Usage;
import io.driftless.perf.process.Usage.ProcessUsage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** For people: how targets followed. */
final class FollowTable {
  private static final String SPREAD = "%8.1f %8.1f %8.1f %8.1f";
  private static final double NOTEWORTHY_SECONDS = 0.05;
  private static final String SPREAD_HEAD = "%8s %8s %8s %8s";

  private FollowTable() {}

  static String of(LagTrial.Result result) {
    var table = new StringBuilder();
    line(
        table,
        "%-12s %-10s %5s  " + SPREAD_HEAD + "  " + SPREAD_HEAD,
        "follower",
        "change",
        "count",
        "visible:",
        "p90",
        "p99",
        "max ms",
        "durable:",
        "p90",
        "p99",
        "max ms");
    for (Lags lags : result.lags()) {
      lags(table, lags.follower(), "all", lags.samples());
      if (lags.samples().stream().map(Sample::kind).distinct().count() == 1) {
        continue;
      }
      for (SmallChanges.Kind kind : SmallChanges.Kind.values()) {
        lags(
            table,
            "",
            kind.name().toLowerCase(Locale.ROOT),
            lags.samples().stream().filter(sample -> sample.kind() == kind).toList());
      }
    }
    return table.toString();
  }

  private static void lags(
      StringBuilder table, String follower, String what, List<Sample> samples) {
    if (samples.isEmpty()) {
      return;
    }
    var visible = Distribution.of(samples.stream().mapToDouble(Sample::visibleMillis));
    boolean tellsDurable = samples.stream().allMatch(each -> each.durableMillis().isPresent());
    line(
        table,
        "%-12s %-10s %5d  %s  %s",
        follower,
        what,
        samples.size(),
        spread(visible),
        tellsDurable
            ? spread(
                Distribution.of(
                    samples.stream().mapToDouble(each -> each.durableMillis().orElseThrow())))
            : "-");
  }

  private static String spread(Distribution values) {
    return String.format(
        Locale.ROOT,
        SPREAD,
        values.median(),
        values.quantile(0.9),
        values.quantile(0.99),
        values.max());
  }

  static String of(ChurnTrial.Result result) {
    var table = new StringBuilder();
    line(
        table,
        "%-12s %9s %9s %8s %8s %8s %8s %8s %8s %8s %8s %8s %8s  %s",
        "follower",
        "offered/s",
        "written/s",
        "lag s:",
        "p99",
        "max",
        "at end",
        "dirty",
        "overflow",
        "equal s",
        "clean s",
        "differ",
        "CPU s",
        "CPU s, peak MiB");
    for (ChurnTrial.Chase chase : result.chases()) {
      List<Standing> standings = chase.standings();
      line(
          table,
          "%-12s %9d %9.0f %s %8s %8s %8d %8.1f  %s",
          chase.follower(),
          chase.offeredPerSecond(),
          chase.writtenPerSecond(),
          standings.isEmpty() ? " ".repeat(53) : standings(standings),
          number(chase.equalSeconds()),
          number(chase.cleanSeconds()),
          chase.differing(),
          chase.usage().cpuSeconds(),
          usage(chase.usage()));
    }
    return table.toString();
  }

  private static String standings(List<Standing> standings) {
    var lag = Distribution.of(standings.stream().mapToDouble(Standing::lagSeconds));
    return String.format(
        Locale.ROOT,
        "%8.2f %8.2f %8.2f %8.2f %8d %8d",
        lag.median(),
        lag.quantile(0.99),
        lag.max(),
        standings.getLast().lagSeconds(),
        standings.stream().mapToLong(Standing::dirtyEntries).max().orElseThrow(),
        standings.getLast().overflows());
  }

  static String number(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "-";
  }

  static String of(WatchTrial.Result result) {
    var table = new StringBuilder();
    line(
        table,
        "answers after %.2f s, replicates after %.2f s; until then (CPU s, peak MiB): %s",
        result.answeringSeconds(),
        result.replicatingSeconds(),
        usage(result.start()));
    line(
        table,
        "idle for %d s: %s",
        result.idleLength().toSeconds(),
        result.idle().processes().stream()
            .map(process -> idle(process, result.idleLength()))
            .collect(Collectors.joining(", ")));
    return table.toString();
  }

  static String of(CrowdTrial.Result result) {
    var table = new StringBuilder();
    line(table, "%,d files", result.fileCount());
    line(table, "%-18s %9s  %s", "", "s", "CPU s, peak MiB");
    for (CrowdTrial.Step step : result.steps()) {
      line(table, "%-18s %9.2f  %s", step.label(), step.wallSeconds(), usage(step.usage()));
    }
    return table.toString();
  }

  static String of(HundredTrial.Result result) {
    var table = new StringBuilder();
    line(table, "%-12s %6s %9s %9s %9s", "", "rounds", "min s", "median s", "max s");
    seconds(table, "driftless", result.followedSeconds());
    seconds(table, Kind.RSYNC_SSH.label(), result.rsyncSeconds());
    line(
        table,
        "driftless, following, is %.1f times faster than a pass of %s",
        result.timesFaster(),
        Kind.RSYNC_SSH.label());
    return table.toString();
  }

  private static void seconds(StringBuilder table, String label, List<Double> seconds) {
    var spread = Distribution.of(seconds.stream().mapToDouble(Double::doubleValue));
    line(
        table,
        "%-12s %6d %9.3f %9.3f %9.3f",
        label,
        seconds.size(),
        spread.quantile(0),
        spread.median(),
        spread.max());
  }

  private static String idle(ProcessUsage process, Duration length) {
    return String.format(
        Locale.ROOT,
        "%s %.2f %% of a core, %d MiB",
        process.name(),
        100 * process.cpuSeconds() / length.toSeconds(),
        process.peakBytes() >> 20);
  }

  private static String usage(Usage usage) {
    return usage.byName().stream()
        .filter(process -> process.cpuSeconds() >= NOTEWORTHY_SECONDS)
        .map(process ->
            String.format(
                Locale.ROOT,
                "%s %.2f, %d",
                process.name(),
                process.cpuSeconds(),
                process.peakBytes() >> 20))
        .collect(Collectors.joining("; "));
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
