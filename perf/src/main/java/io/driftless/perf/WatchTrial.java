package io.driftless.perf;

import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.DriftlessFollower;
import io.driftless.perf.data.DataSet;
import io.driftless.perf.process.Meter;
import io.driftless.perf.process.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What it costs to watch many files to which nothing happens. */
final class WatchTrial {
  private static final Duration SETTLING = Duration.ofSeconds(15);

  private final Following scenario;
  private final Workplace place;
  private final FollowPlan plan;
  private final Consumer<String> progress;

  WatchTrial(Following scenario, Workplace place, FollowPlan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param answeringSeconds from the start of the source agent until it answers
   * @param replicatingSeconds the same until the target is known to have everything
   * @param start what both agents used from the answer until then
   * @param idle what both used while nothing happened
   * @param idleLength how long that was
   */
  record Result(
      Following scenario,
      double loadBefore,
      double answeringSeconds,
      double replicatingSeconds,
      Usage start,
      Usage idle,
      Duration idleLength)
      implements Outcome {}

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    Path source = DataSet.TINY.provide(place.data());
    place.emptyTarget();
    var course = new Course(source, place.target(), place.freshRun(), plan.launcher());
    try (var follower = DriftlessFollower.open(course, Optional.empty())) {
      follower.stopSource();
      long started = System.nanoTime();
      follower.startSource();
      double answering = secondsSince(started);
      Usage start = new Meter(follower.services()).during(follower::awaitReplicating);
      double replicating = (start.endedNanos() - started) / 1e9;
      progress.accept("  replicating after %.2f s".formatted(replicating));
      Thread.sleep(SETTLING);
      Usage idle = new Meter(follower.services()).during(() -> Thread.sleep(plan.idle()));
      Judge.requireEqual(source, course.target(), Judge.Sameness.SIZE_AND_TIME);
      return new Result(scenario, load, answering, replicating, start, idle, plan.idle());
    } finally {
      place.emptyTarget();
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
