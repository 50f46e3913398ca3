package io.driftless.perf;

import io.driftless.perf.contender.Contender;
import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.DriftlessFollower;
import io.driftless.perf.contender.Kind;
import io.driftless.perf.data.Change;
import io.driftless.perf.data.DataSet;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A hundred of a million files change: how soon a target that follows has them. */
final class HundredTrial {
  private static final long POLL_NANOS = 200_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Nothing has changed just before a pass; rsync wouldn't see it. */
  private static final Duration AGING = Duration.ofMillis(1200);

  private final Following scenario;
  private final Workplace place;
  private final FollowPlan plan;
  private final Consumer<String> progress;

  HundredTrial(Following scenario, Workplace place, FollowPlan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param followedSeconds from the last change until everything was durable on the target
   * @param rsyncSeconds of a pass over the same trees after the same changes
   */
  record Result(
      Following scenario,
      double loadBefore,
      List<Double> followedSeconds,
      List<Double> rsyncSeconds)
      implements Outcome {
    Result {
      followedSeconds = List.copyOf(followedSeconds);
      rsyncSeconds = List.copyOf(rsyncSeconds);
    }

    double timesFaster() {
      return median(rsyncSeconds) / median(followedSeconds);
    }

    private static double median(List<Double> values) {
      return Distribution.of(values.stream().mapToDouble(Double::doubleValue)).median();
    }
  }

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    Path source = DataSet.TINY.provide(place.changing());
    place.emptyTarget();
    var course = new Course(source, place.target(), place.freshRun(), plan.launcher());
    try {
      List<Double> followed = follow(course);
      return new Result(scenario, load, followed, passes(course));
    } finally {
      place.emptyTarget();
    }
  }

  private List<Double> follow(Course course) throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    try (var follower = DriftlessFollower.open(course, Optional.empty())) {
      for (int round = 0; round < plan.rounds(); round++) {
        List<Path> files = Change.some(course.source(), round);
        Thread.sleep(AGING);
        Change.appendToFiles(files);
        long changed = System.nanoTime();
        awaitVisible(course, files, changed + PATIENCE.toNanos());
        awaitDurable(follower, changed + PATIENCE.toNanos());
        note("driftless", (System.nanoTime() - changed) / 1e9, seconds);
      }
      Judge.requireEqual(course.source(), course.target(), Judge.Sameness.SIZE_AND_TIME);
    }
    return seconds;
  }

  /** Before that the agent may not have noticed all of them, and say that it has no more to do. */
  private static void awaitVisible(Course course, List<Path> files, long deadline)
      throws IOException, InterruptedException {
    Deque<Path> missing = new ArrayDeque<>(files);
    while (!missing.isEmpty()) {
      Path file = missing.getFirst();
      Path there = course.target().resolve(course.source().relativize(file));
      if (Files.size(there) == Files.size(file)) {
        missing.removeFirst();
      } else {
        pause(deadline);
      }
    }
  }

  private static void awaitDurable(DriftlessFollower follower, long deadline)
      throws IOException, InterruptedException {
    while (!follower.standing().orElseThrow().isClean()) {
      pause(deadline);
    }
  }

  private static void pause(long deadline) throws IOException, InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new IOException("the changes did not arrive");
    }
    Polling.pause(POLL_NANOS);
  }

  private List<Double> passes(Course course) throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    try (Contender rsync = Kind.RSYNC_SSH.open(course)) {
      for (int round = 0; round < plan.rounds(); round++) {
        Change.appendToFiles(Change.some(course.source(), plan.rounds() + round));
        Thread.sleep(AGING);
        Command.Outcome outcome = rsync.command().run(new Meter(rsync.services()));
        note(Kind.RSYNC_SSH.label(), outcome.wall().toNanos() / 1e9, seconds);
      }
      Judge.requireEqual(course.source(), course.target(), Judge.Sameness.SIZE_AND_TIME);
    }
    return seconds;
  }

  private void note(String label, double seconds, List<Double> into) {
    into.add(seconds);
    progress.accept(String.format(java.util.Locale.ROOT, "  %-24s %7.3f s", label, seconds));
  }
}
