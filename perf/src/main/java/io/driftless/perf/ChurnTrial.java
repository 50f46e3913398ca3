package io.driftless.perf;

import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.Follower;
import io.driftless.perf.contender.Follower.Standing;
import io.driftless.perf.contender.FollowerKind;
import io.driftless.perf.data.Churn;
import io.driftless.perf.process.Meter;
import io.driftless.perf.process.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Small files are written at a steady rate: how well does the target follow? */
final class ChurnTrial {
  private static final long SEED = 0xc4a;
  private static final int PER_SECOND_TMPFS = 5000;
  private static final int PER_SECOND_EXT4 = 2000;
  private static final long POLL_NANOS = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration PATIENCE_BEFORE = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Following scenario;
  private final Workplace place;
  private final FollowPlan plan;
  private final Consumer<String> progress;

  ChurnTrial(Following scenario, Workplace place, FollowPlan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How one follower did.
   *
   * @param offeredPerSecond what the writer was to write
   * @param written files, in all
   * @param writing how long that took
   * @param standings while they were written, at equal intervals; empty if the follower doesn't
   *     tell
   * @param equalSeconds from the last write until every file that was written was seen on the
   *     target; empty if that took too long
   * @param cleanSeconds the same until the source said that everything is durable there
   * @param differing entries that the judge finds different at the end
   * @param usage from the first write until everything was equal, or the patience was over
   */
  record Chase(
      String follower,
      int offeredPerSecond,
      long written,
      Duration writing,
      List<Standing> standings,
      OptionalDouble equalSeconds,
      OptionalDouble cleanSeconds,
      int differing,
      Usage usage) {
    Chase {
      standings = List.copyOf(standings);
    }

    double writtenPerSecond() {
      return written / (writing.toNanos() / 1e9);
    }
  }

  record Result(Following scenario, double loadBefore, List<Chase> chases) implements Outcome {
    Result {
      chases = List.copyOf(chases);
    }
  }

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    var chases = new ArrayList<Chase>();
    for (FollowerKind kind : plan.followers()) {
      Chase chase = run(kind);
      progress.accept(
          "  %s: equal %s".formatted(kind.label(), FollowTable.number(chase.equalSeconds())));
      chases.add(chase);
    }
    return new Result(scenario, load, chases);
  }

  private Chase run(FollowerKind kind) throws IOException, InterruptedException {
    place.emptyTarget();
    Path source = Files.createDirectories(place.changing().resolve("churn-" + kind.label()));
    var course = new Course(source, place.target(), place.freshRun(), plan.launcher());
    var churn = Churn.in(source, SEED);
    place.flush();
    try (Follower follower = kind.open(course)) {
      var judge = new Judge(course.source(), course.target(), follower.leniency());
      judge.awaitEqual(Judge.Sameness.SIZE_AND_TIME, PATIENCE_BEFORE);
      var run = new Run(churn, follower, course.target());
      Usage usage = new Meter(follower.services()).during(run::go);
      return run.chase(kind.label(), run.differing(judge), usage);
    } finally {
      place.emptyTarget();
    }
  }

  private int filesPerSecond() {
    return plan.perSecond()
        .orElse(scenario == Following.FOLLOW_TMPFS ? PER_SECOND_TMPFS : PER_SECOND_EXT4);
  }

  /** What happens while the meter runs. */
  private final class Run {
    private final Churn churn;
    private final Follower follower;
    private final Path target;
    private long written;
    private long begun;
    private long stopped;
    private List<Standing> standings = List.of();
    private OptionalDouble equalSeconds = OptionalDouble.empty();
    private OptionalDouble cleanSeconds = OptionalDouble.empty();

    Run(Churn churn, Follower follower, Path target) {
      this.churn = churn;
      this.follower = follower;
      this.target = target;
    }

    void go() throws IOException, InterruptedException {
      try (var observer = StandingObserver.start(follower)) {
        begun = System.nanoTime();
        written = churn.run(filesPerSecond(), plan.churn());
        stopped = System.nanoTime();
        standings = observer.end();
      }
      for (Path file : churn.changed()) {
        while (!churn.isOn(target, file)) {
          if (isOver()) {
            return;
          }
          Polling.pause(POLL_NANOS);
        }
      }
      equalSeconds = OptionalDouble.of(secondsSinceStop());
      while (follower.standing().isPresent() && !isOver()) {
        if (follower.standing().get().isClean()) {
          cleanSeconds = OptionalDouble.of(secondsSinceStop());
          return;
        }
        Polling.pause(POLL_NANOS);
      }
    }

    private boolean isOver() {
      return System.nanoTime() - stopped > PATIENCE.toNanos();
    }

    /**
     * Directories may follow the files that were waited for, unless it has said that it is done.
     */
    private int differing(Judge judge) throws IOException, InterruptedException {
      if (cleanSeconds.isPresent()) {
        judge.requireEqual(Judge.Sameness.CONTENT);
        return 0;
      }
      Duration grace = equalSeconds.isPresent() ? GRACE : Duration.ZERO;
      return judge.differencesAfter(Judge.Sameness.CONTENT, grace).size();
    }

    private double secondsSinceStop() {
      return (System.nanoTime() - stopped) / 1e9;
    }

    Chase chase(String label, int differing, Usage usage) {
      return new Chase(
          label,
          filesPerSecond(),
          written,
          Duration.ofNanos(stopped - begun),
          standings,
          equalSeconds,
          cleanSeconds,
          differing,
          usage);
    }
  }
}
