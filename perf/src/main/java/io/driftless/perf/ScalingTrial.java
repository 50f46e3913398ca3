package io.driftless.perf;

import io.driftless.perf.contender.Contender;
import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.Kind;
import io.driftless.perf.data.ScaledData;
import io.driftless.perf.data.ScaledData.EqualFiles;
import io.driftless.perf.data.ScaledData.OneFile;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Meter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What a seed takes for each file, each byte and with each number of lanes. */
final class ScalingTrial {
  private static final int[] FILES = {10_000, 30_000, 100_000, 300_000, 1_000_000};
  private static final long[] MEBIBYTES = {64, 128, 256, 512, 1024, 2048};
  private static final int[] LANES = {1, 2, 4, 8};
  private static final int USUAL_LANES = 2;

  private final Following scenario;
  private final Workplace place;
  private final FollowPlan plan;
  private final Consumer<String> progress;

  ScalingTrial(Following scenario, Workplace place, FollowPlan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * One size, the median of its seeds.
   *
   * @param size files or bytes
   * @param cpuSeconds of all processes of both sides
   */
  record Step(long size, int lanes, double wallSeconds, double cpuSeconds) {
    double wallSecondsEach() {
      return wallSeconds / size;
    }

    double cpuSecondsEach() {
      return cpuSeconds / size;
    }
  }

  /**
   * What was found.
   *
   * @param files of trees of tiny files
   * @param bytes of single files
   * @param lanes the largest of these over other numbers of lanes
   */
  record Result(
      Following scenario, double loadBefore, List<Step> files, List<Step> bytes, List<Step> lanes)
      implements Outcome {
    Result {
      files = List.copyOf(files);
      bytes = List.copyOf(bytes);
      lanes = List.copyOf(lanes);
    }
  }

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    var files = new ArrayList<Step>();
    for (ScaledData data : IntStream.of(FILES).mapToObj(EqualFiles::tiny).toList()) {
      files.add(step(data, USUAL_LANES));
    }
    var bytes = new ArrayList<Step>();
    for (ScaledData data : LongStream.of(MEBIBYTES).mapToObj(n -> new OneFile(n << 20)).toList()) {
      bytes.add(step(data, USUAL_LANES));
    }
    var lanes = new ArrayList<Step>();
    var largest = new OneFile(MEBIBYTES[MEBIBYTES.length - 1] << 20);
    for (int count : LANES) {
      lanes.add(step(largest, count));
    }
    place.emptyTarget();
    return new Result(scenario, load, files, bytes, lanes);
  }

  /** The first seed doesn't count: everything is cold. */
  private Step step(ScaledData data, int lanes) throws IOException, InterruptedException {
    Path source = data.provide(place.data());
    place.emptyTarget();
    var course = new Course(source, place.target(), place.freshRun(), plan.launcher());
    var wall = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    try (Contender driftless = Kind.driftless(course, lanes)) {
      driftless.command().run();
      for (int round = 0; round < plan.rounds(); round++) {
        place.emptyTarget();
        FreeMemory.warm();
        Command.Outcome outcome = driftless.command().run(new Meter(driftless.services()));
        wall.add(outcome.wall().toNanos() / 1e9);
        cpu.add(outcome.usage().cpuSeconds());
      }
      Judge.requireEqual(source, course.target(), Judge.Sameness.SIZE_AND_TIME);
    }
    var step = new Step(data.size(), lanes, median(wall), median(cpu));
    progress.accept(
        String.format(
            Locale.ROOT,
            "  %s %d, %d lanes: %.2f s",
            data instanceof OneFile ? "bytes" : "files",
            step.size(),
            step.lanes(),
            step.wallSeconds()));
    return step;
  }

  private static double median(List<Double> values) {
    return Distribution.of(values.stream().mapToDouble(Double::doubleValue)).median();
  }
}
