package io.driftless.perf.process;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * What a group of processes used.
 *
 * @param endedNanos when the program that was waited for had ended, by {@link System#nanoTime}
 * @param processes every process that was seen, in order of appearance
 * @param threads every thread that was seen, if somebody looked at threads
 */
public record Usage(long endedNanos, List<ProcessUsage> processes, List<ThreadUsage> threads) {
  public Usage {
    processes = List.copyOf(processes);
    threads = List.copyOf(threads);
  }

  /**
   * What one process used.
   *
   * @param cpuSeconds user and system time
   * @param peakBytes greatest resident memory
   */
  public record ProcessUsage(String name, double cpuSeconds, long peakBytes) {
    private ProcessUsage with(ProcessUsage other) {
      return new ProcessUsage(
          name, cpuSeconds + other.cpuSeconds, Math.max(peakBytes, other.peakBytes));
    }
  }

  /** All processes of one name together: the sum of their times, the greatest of their peaks. */
  public List<ProcessUsage> byName() {
    var all = new LinkedHashMap<String, ProcessUsage>();
    for (ProcessUsage process : processes) {
      all.merge(process.name(), process, ProcessUsage::with);
    }
    return List.copyOf(all.values());
  }

  public double cpuSeconds() {
    return processes.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
  }
}
