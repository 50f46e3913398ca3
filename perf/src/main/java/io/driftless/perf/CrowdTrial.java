package io.driftless.perf;

import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.DriftlessAgents;
import io.driftless.perf.data.ScaledData.EqualFiles;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Meter;
import io.driftless.perf.process.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Whether the memory of agents stays what it is with many more entries than they ever remember. */
final class CrowdTrial {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final Following scenario;
  private final Workplace place;
  private final FollowPlan plan;
  private final Consumer<String> progress;

  CrowdTrial(Following scenario, Workplace place, FollowPlan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
  }

  /** One thing that the agents did, and what that took. */
  record Step(String label, double wallSeconds, Usage usage) {}

  /** What was found, step by step. */
  record Result(Following scenario, double loadBefore, int fileCount, List<Step> steps)
      implements Outcome {
    Result {
      steps = List.copyOf(steps);
    }
  }

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    Path source = EqualFiles.empty(plan.crowdFiles()).provide(place.data());
    place.emptyTarget();
    var course = new Course(source, place.target(), place.freshRun(), plan.launcher());
    var steps = new ArrayList<Step>();
    try (DriftlessAgents agents = DriftlessAgents.open(course)) {
      steps.add(step("seed", agents, agents.command()));
      steps.add(step("unchanged pass", agents, agents.command()));
      agents.follow().run();
      steps.add(step("until proven", agents, agents.barrier(PATIENCE)));
      Judge.requireEqual(source, course.target(), Judge.Sameness.SIZE_AND_TIME);
      return new Result(scenario, load, plan.crowdFiles(), steps);
    }
  }

  private Step step(String label, DriftlessAgents agents, Command command)
      throws IOException, InterruptedException {
    Command.Outcome outcome = command.run(new Meter(agents.services()));
    double seconds = outcome.wall().toMillis() / 1e3;
    progress.accept("  %-24s %7.2f s".formatted(label, seconds));
    return new Step(label, seconds, outcome.usage());
  }
}
