package io.driftless.perf;

import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.ThrottledPair;
import io.driftless.perf.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** How closely a limit is kept, how soon a change takes effect, and what a high limit costs. */
final class ThrottleTrial {
  private static final int[] LANES = {1, 8};
  private static final int[] MEGABITS = {1, 10, 100, 1000};
  private static final Duration RUN = Duration.ofSeconds(9);
  private static final int SAMPLE_MILLIS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROUNDS = 3;

  /** Limits of the run with changes, in Mbit/s, and how long each of them holds. */
  private static final int[] CHANGES = {100, 10, 200, 0, 50, 400, 5, 100, 1000, 20};

  private static final int CHANGE_MILLIS = 2500;

  private final Following scenario;
  private final Workplace place;
  private final FollowPlan plan;
  private final Consumer<String> progress;

  ThrottleTrial(Following scenario, Workplace place, FollowPlan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
  }

  /** A limit from some second on. */
  record Step(double second, int megabits) {}

  /** How many bytes had gone over the wire, both ways, by a second. */
  record Sample(double second, long bytes) {}

  /** One transfer. */
  record Run(int lanes, List<Step> steps, List<Sample> samples) {
    Run {
      steps = List.copyOf(steps);
      samples = List.copyOf(samples);
    }
  }

  /**
   * What was found.
   *
   * @param runs each at one limit
   * @param changes a run at several
   * @param overhead time of a seed at a limit that is never reached, in times of one without
   */
  record Result(Following scenario, double loadBefore, List<Run> runs, Run changes, double overhead)
      implements Outcome {
    Result {
      runs = List.copyOf(runs);
    }
  }

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    Path source = DataSet.LARGE.provide(place.data());
    var runs = new ArrayList<Run>();
    var changes = new ArrayList<Run>();
    double overhead = 0;
    for (int lanes : LANES) {
      place.emptyTarget();
      var course = new Course(source, place.target(), place.freshRun(), plan.launcher());
      try (var pair = ThrottledPair.open(course, lanes)) {
        for (int megabits : MEGABITS) {
          runs.add(steady(pair, lanes, megabits));
          place.emptyTarget();
        }
        if (changes.isEmpty()) {
          overhead = overhead(pair);
        }
        changes.add(changing(pair, lanes));
      }
    }
    place.emptyTarget();
    return new Result(scenario, load, runs, changes.getLast(), overhead);
  }

  private Run steady(ThrottledPair pair, int lanes, int megabits)
      throws IOException, InterruptedException {
    progress.accept("  %d Mbit/s over %d lanes".formatted(megabits, lanes));
    pair.limitTo(megabits + "mbit");
    begin(pair);
    var samples = new ArrayList<Sample>();
    long begun = System.nanoTime();
    sample(pair, begun, RUN.toMillis(), samples);
    pair.cancel();
    return new Run(lanes, List.of(new Step(0, megabits)), samples);
  }

  private Run changing(ThrottledPair pair, int lanes) throws IOException, InterruptedException {
    progress.accept("  changes");
    place.emptyTarget();
    pair.limitTo(CHANGES[0] + "mbit");
    begin(pair);
    var samples = new ArrayList<Sample>();
    var steps = new ArrayList<Step>();
    long begun = System.nanoTime();
    for (int megabits : CHANGES) {
      // From the moment at which the command has ended.
      Thread turning = Thread.ofPlatform().start(() -> turn(pair, megabits));
      while (turning.isAlive()) {
        sample(pair, begun, SAMPLE_MILLIS, samples);
      }
      steps.add(new Step((System.nanoTime() - begun) / 1e9, megabits));
      sample(pair, begun, CHANGE_MILLIS, samples);
    }
    pair.limitTo("unlimited");
    pair.cancel();
    return new Run(lanes, steps, samples);
  }

  private static void turn(ThrottledPair pair, int megabits) {
    try {
      pair.limitTo(megabits + "mbit");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void begin(ThrottledPair pair) throws IOException, InterruptedException {
    long before = pair.bytes();
    pair.beginSeed();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (pair.bytes() - before < 100_000) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the seed does not begin");
      }
      Thread.sleep(1);
    }
  }

  private static void sample(ThrottledPair pair, long begun, long millis, List<Sample> samples)
      throws InterruptedException {
    long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (System.nanoTime() < until) {
      samples.add(new Sample((System.nanoTime() - begun) / 1e9, pair.bytes()));
      Thread.sleep(SAMPLE_MILLIS);
    }
  }

  /** Seeds in turns; the first two don't count. */
  private double overhead(ThrottledPair pair) throws IOException, InterruptedException {
    var with = new ArrayList<Double>();
    var without = new ArrayList<Double>();
    for (int round = -1; round < ROUNDS; round++) {
      for (String limit : List.of("unlimited", "500gbit")) {
        place.emptyTarget();
        pair.limitTo(limit);
        long begun = System.nanoTime();
        pair.seed();
        double seconds = (System.nanoTime() - begun) / 1e9;
        progress.accept(String.format(Locale.ROOT, "  %s: %.2f s", limit, seconds));
        if (round >= 0) {
          (limit.equals("unlimited") ? without : with).add(seconds);
        }
      }
    }
    return median(with) / median(without);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
