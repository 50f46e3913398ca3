package io.driftless.perf;

import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.DriftlessFollower;
import io.driftless.perf.contender.DriftlessFollower.Ballast;
import io.driftless.perf.contender.Follower;
import io.driftless.perf.contender.Follower.Standing;
import io.driftless.perf.contender.FollowerKind;
import io.driftless.perf.data.DataSet;
import io.driftless.perf.data.SmallChanges;
import io.driftless.perf.data.SmallChanges.Made;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** How long a single small change takes until it is on the target. */
final class LagTrial {
  private static final long SEED = 0x1a6;
  private static final int QUIET_MILLIS_MIN = 100;
  private static final int QUIET_MILLIS_MAX = 300;
  private static final long POLL_NANOS = 200_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PATIENCE_BEFORE = Duration.ofMinutes(2);

  private final Following scenario;
  private final Workplace place;
  private final FollowPlan plan;
  private final Consumer<String> progress;

  LagTrial(Following scenario, Workplace place, FollowPlan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * One change, timed from its end.
   *
   * @param visibleMillis until it was seen on the target
   * @param durableMillis until the source said that nothing is left that isn't durable there
   */
  record Sample(SmallChanges.Kind kind, double visibleMillis, OptionalDouble durableMillis) {}

  /** The samples of one follower. */
  record Lags(String follower, List<Sample> samples) {
    Lags {
      samples = List.copyOf(samples);
    }
  }

  record Result(Following scenario, double loadBefore, List<Lags> lags) implements Outcome {
    Result {
      lags = List.copyOf(lags);
    }
  }

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    var lags = new ArrayList<Lags>();
    var floor = Floor.in(place.changing().resolve("floor"));
    if (scenario != Following.LAG) {
      besideSeed(floor, lags);
    } else {
      for (FollowerKind kind : plan.followers()) {
        alone(kind, floor, lags);
      }
    }
    return new Result(scenario, load, lags);
  }

  private void alone(FollowerKind kind, Floor floor, List<Lags> lags)
      throws IOException, InterruptedException {
    Course course = course(kind);
    var changes = SmallChanges.of(course.source(), course.target(), SEED);
    try (Follower follower = kind.open(course)) {
      var judge = new Judge(course.source(), course.target(), follower.leniency());
      judge.awaitEqual(Judge.Sameness.SIZE_AND_TIME, PATIENCE_BEFORE);
      var samples = new ArrayList<Sample>();
      var floors = new ArrayList<Sample>();
      var random = new SplittableRandom(SEED);
      while (samples.size() < plan.changes()) {
        rest(random);
        samples.add(sample(changes.next(), follower));
        floors.add(floor.sample());
      }
      judge.awaitEqual(Judge.Sameness.CONTENT, graceOf(follower));
      lags.add(new Lags(kind.label(), samples));
      lags.add(new Lags(Floor.LABEL, floors));
    } finally {
      place.emptyTarget();
    }
  }

  /** Directories may follow the last change, unless the follower has said that it is done. */
  private static Duration graceOf(Follower follower) throws IOException {
    return follower.standing().isPresent() ? Duration.ZERO : PATIENCE;
  }

  /** Only changes count that are under way between the begin and the end of a seed. */
  private void besideSeed(Floor floor, List<Lags> lags) throws IOException, InterruptedException {
    Course course = course(FollowerKind.DRIFTLESS);
    Path heavy = Files.createDirectories(place.data().resolve("ballast"));
    DataSet.LARGE.provide(heavy);
    DataSet.SMALL.provide(heavy);
    place.flush();
    var trees = new Ballast(heavy, Files.createDirectories(place.second()));
    var changes = SmallChanges.of(course.source(), course.target(), SEED);
    try (DriftlessFollower follower = DriftlessFollower.open(course, Optional.of(trees));
        var seeds = SeedLoop.start(follower.seedBallast(), trees.target())) {
      if (scenario == Following.LAG_THROTTLED) {
        follower.throttle("20mbit");
      }
      var samples = new ArrayList<Sample>();
      var floors = new ArrayList<Sample>();
      var random = new SplittableRandom(SEED);
      while (samples.size() < plan.changes()) {
        rest(random);
        long seed = seeds.awaitRunning();
        Sample sample = sample(changes.next(), follower);
        Sample least = floor.sample();
        if (seeds.isRunning(seed)) {
          samples.add(sample);
          floors.add(least);
        }
      }
      Judge.requireEqual(course.source(), course.target(), Judge.Sameness.CONTENT);
      follower.throttle("unlimited");
      seeds.end();
      Judge.requireEqual(heavy, trees.target(), Judge.Sameness.CONTENT);
      lags.add(new Lags(FollowerKind.DRIFTLESS.label(), samples));
      lags.add(new Lags(Floor.LABEL, floors));
    } finally {
      place.emptyTarget();
    }
  }

  private Course course(FollowerKind kind) throws IOException, InterruptedException {
    place.emptyTarget();
    Path source = Files.createDirectories(place.changing().resolve("lag-" + kind.label()));
    return new Course(source, place.target(), place.freshRun(), plan.launcher());
  }

  private static void rest(SplittableRandom random) throws InterruptedException {
    Thread.sleep(random.nextInt(QUIET_MILLIS_MIN, QUIET_MILLIS_MAX + 1));
  }

  /** Nobody is asked before the change is to be seen, so that asking doesn't slow it down. */
  private static Sample sample(Made made, Follower follower)
      throws IOException, InterruptedException {
    long deadline = made.endedNanos() + PATIENCE.toNanos();
    while (!made.sight().isSeen()) {
      pause(deadline, made);
    }
    double visible = millisSince(made.endedNanos());
    Optional<Standing> standing = follower.standing();
    while (standing.isPresent() && !standing.get().isClean()) {
      pause(deadline, made);
      standing = follower.standing();
    }
    OptionalDouble durable =
        standing.isPresent()
            ? OptionalDouble.of(millisSince(made.endedNanos()))
            : OptionalDouble.empty();
    return new Sample(made.kind(), visible, durable);
  }

  private static void pause(long deadline, Made made) throws IOException, InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new IOException("a change (%s) did not arrive".formatted(made.kind()));
    }
    Polling.pause(POLL_NANOS);
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
