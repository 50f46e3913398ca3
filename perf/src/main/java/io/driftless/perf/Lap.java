package io.driftless.perf;

import io.driftless.perf.process.ThreadUsage;
import io.driftless.perf.process.Usage.ProcessUsage;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One transfer that was found to be right.
 *
 * @param wall how long the command took
 * @param flush how long the target's file system then took to make everything durable
 * @param processes every process of both sides
 * @param threads every thread of theirs, if they were looked at
 * @param wireBytes in both directions, counted on a slow link, elsewhere where the program tells
 * @param linkShare how much was sent towards the target of what a slow link could have carried
 */
record Lap(
    Duration wall,
    Duration flush,
    List<ProcessUsage> processes,
    List<ThreadUsage> threads,
    OptionalLong wireBytes,
    OptionalDouble linkShare) {
  Lap {
    processes = List.copyOf(processes);
    threads = List.copyOf(threads);
  }

  double wallSeconds() {
    return seconds(wall);
  }

  double durableSeconds() {
    return seconds(wall.plus(flush));
  }

  double cpuSeconds() {
    return processes.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
