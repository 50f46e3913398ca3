package io.driftless.perf;

import io.driftless.perf.process.ThreadUsage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Threads of each contender for people, the busiest first, in seconds of a lap. Where there are
 * processors for all of them, no contender is done before its busiest thread is.
 */
final class ThreadTable {
  private static final int SHOWN_MAX = 8;
  private static final double NOTEWORTHY_SECONDS = 0.05;

  private ThreadTable() {}

  static String of(Trial.Result result) {
    var table = new StringBuilder("threads, seconds of a lap: run, waited for a processor\n");
    result.series().forEach(series -> append(table, series));
    return table.toString();
  }

  private static void append(StringBuilder table, Series series) {
    table.append(
        String.format(
            Locale.ROOT,
            "%-24s took %.2f, the busiest thread ran %.2f%n",
            series.label(),
            series.median(Lap::wallSeconds),
            series.median(ThreadTable::busiestSeconds)));
    busiestFirst(means(series.laps())).stream()
        .filter(thread -> thread.cpuSeconds() >= NOTEWORTHY_SECONDS)
        .limit(SHOWN_MAX)
        .forEach(thread ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "  %6.2f %6.2f  %s: %s%n",
                    thread.cpuSeconds(),
                    thread.waitSeconds(),
                    thread.process(),
                    thread.name())));
  }

  private static double busiestSeconds(Lap lap) {
    return lap.threads().stream().mapToDouble(ThreadUsage::cpuSeconds).max().orElse(0);
  }

  /** Of those that have the same name in a lap, the busiest of each lap are one, and so on. */
  private static List<ThreadUsage> means(List<Lap> laps) {
    Map<String, ThreadUsage> sums = new LinkedHashMap<>();
    for (Lap lap : laps) {
      var count = new HashMap<String, Integer>();
      for (ThreadUsage thread : busiestFirst(lap.threads())) {
        String name = thread.process() + '/' + thread.name();
        sums.merge(name + count.merge(name, 1, Integer::sum), thread, ThreadTable::sum);
      }
    }
    return sums.values().stream()
        .map(sum ->
            new ThreadUsage(
                sum.process(),
                sum.name(),
                sum.cpuSeconds() / laps.size(),
                sum.waitSeconds() / laps.size()))
        .toList();
  }

  private static List<ThreadUsage> busiestFirst(List<ThreadUsage> threads) {
    return threads.stream()
        .sorted(Comparator.comparingDouble(ThreadUsage::cpuSeconds).reversed())
        .toList();
  }

  private static ThreadUsage sum(ThreadUsage a, ThreadUsage b) {
    return new ThreadUsage(
        a.process(), a.name(), a.cpuSeconds() + b.cpuSeconds(), a.waitSeconds() + b.waitSeconds());
  }
}
