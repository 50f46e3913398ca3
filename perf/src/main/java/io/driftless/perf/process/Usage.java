package io.driftless.perf.process;

import java.util.List;

/**
 * What a group of processes used.
 *
 * @param endedNanos when the program that was waited for had ended, by {@link System#nanoTime}
 * @param processes every process that was seen, in order of appearance
 */
public record Usage(long endedNanos, List<ProcessUsage> processes) {
  public Usage {
    processes = List.copyOf(processes);
  }

  /**
   * What one process used.
   *
   * @param cpuSeconds user and system time
   * @param peakBytes greatest resident memory
   */
  public record ProcessUsage(String name, double cpuSeconds, long peakBytes) {}

  public double cpuSeconds() {
    return processes.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
  }
}
