package io.driftless.perf;

import io.driftless.perf.Scenario.Start;
import io.driftless.perf.contender.Contender;
import io.driftless.perf.contender.Course;
import io.driftless.perf.contender.Kind;
import io.driftless.perf.contender.Launcher;
import io.driftless.perf.data.Change;
import io.driftless.perf.data.DataSet;
import io.driftless.perf.link.Route;
import io.driftless.perf.link.SlowLink;
import io.driftless.perf.process.Command;
import io.driftless.perf.process.Meter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One scenario: all contenders in turns, each into an empty target, each result compared. */
final class Trial {
  private static final List<Kind> ONCE = List.of(Kind.LOCAL_COPY, Kind.DRIFTLESS_COPY);

  /** Those whose first lap is a cold one. */
  private static final List<Kind> STAYING = List.of(Kind.DRIFTLESS, Kind.SEED_FLOOR);

  private static final Duration AGING = Duration.ofMillis(1200);

  private final Scenario scenario;
  private final Workplace place;
  private final Plan plan;
  private final Consumer<String> progress;
  private final Optional<SlowLink> link;

  /**
   * How a trial is run.
   *
   * @param detail of what the contenders use
   * @param launcher the command that starts Driftless
   */
  record Plan(List<Kind> contenders, int rounds, Meter.Detail detail, Launcher launcher) {
    Plan {
      contenders = List.copyOf(contenders);
    }
  }

  Trial(Scenario scenario, Workplace place, Plan plan, Consumer<String> progress) {
    this.scenario = scenario;
    this.place = place;
    this.plan = plan;
    this.progress = progress;
    this.link = scenario.link().map(SlowLink::new);
  }

  /** What came out, in order of first appearance. */
  record Result(Scenario scenario, double loadBefore, List<Series> series) implements Outcome {
    Result {
      series = List.copyOf(series);
    }

    /** What the others are compared to. */
    Optional<Series> driftless() {
      return series.stream()
          .filter(each -> each.label().equals(Kind.DRIFTLESS.label()))
          .findFirst();
    }
  }

  private record Entrant(Kind kind, Contender contender) {}

  Result run() throws IOException, InterruptedException {
    progress.accept(scenario.label() + ": " + scenario.description());
    double load = Machine.loadAverage();
    boolean isChanging = scenario.change() != Change.NONE;
    Path source = scenario.data().provide(isChanging ? place.changing() : place.data());
    place.emptyTarget();
    var course =
        new Course(
            source,
            place.target(),
            place.freshRun(),
            plan.launcher,
            link.map(Route.class::cast).orElse(Route.DIRECT));
    Map<String, List<Lap>> laps = new LinkedHashMap<>();
    List<Entrant> entrants = new ArrayList<>();
    try {
      for (Kind kind : plan.contenders) {
        if (takesPart(kind) && kind.isFor(source)) {
          entrants.add(new Entrant(kind, kind.open(course)));
        }
      }
      if (isChanging) {
        raceAlone(course, entrants, laps);
      } else {
        if (scenario.start() == Start.EQUAL) {
          bring(entrants);
        }
        raceOnce(course, entrants, laps);
        raceInTurns(course, entrants, laps);
      }
    } finally {
      close(entrants);
      link.ifPresent(SlowLink::close);
      place.emptyTarget();
    }
    return new Result(
        scenario,
        load,
        laps.entrySet().stream().map(e -> new Series(e.getKey(), e.getValue())).toList());
  }

  private boolean takesPart(Kind kind) {
    boolean isChanging = scenario.change() != Change.NONE;
    return switch (kind) {
      case LOCAL_COPY, DRIFTLESS_COPY -> !isChanging && link.isEmpty();
      case SEED_FLOOR -> !isChanging && link.isEmpty() && scenario.start() == Start.EMPTY;
      case SHIFT_FLOOR -> scenario.change() == Change.FRONT;
      case STATUS_WALK -> !isChanging && scenario.start() == Start.EQUAL;
      case RSYNC_SSH_Z -> link.isPresent() && scenario.data() == DataSet.TEXT;
      case RSYNC_TWO -> !isChanging;
      case DRIFTLESS, RSYNC_SSH, RSYNC_INPLACE, RSYNC_DAEMON -> true;
    };
  }

  /** Lets each contender see that everything is there. */
  private void bring(List<Entrant> entrants) throws IOException, InterruptedException {
    for (Entrant entrant : entrants) {
      progress.accept("  %-24s brings it".formatted(entrant.kind.label()));
      entrant.contender.command().run();
    }
  }

  /** The floor, what starts cold each time, and what has to get warm. */
  private void raceOnce(Course course, List<Entrant> entrants, Map<String, List<Lap>> laps)
      throws IOException, InterruptedException {
    for (Entrant entrant : entrants) {
      if (ONCE.contains(entrant.kind)) {
        note(entrant.kind.label(), lap(course, entrant.contender), laps);
      } else if (STAYING.contains(entrant.kind) && scenario.start() == Start.EMPTY) {
        note(entrant.kind.label() + ", first pass", lap(course, entrant.contender), laps);
      }
    }
  }

  private void raceInTurns(Course course, List<Entrant> entrants, Map<String, List<Lap>> laps)
      throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds; round++) {
      for (Entrant entrant : entrants) {
        if (!ONCE.contains(entrant.kind)) {
          note(entrant.kind.label(), lap(course, entrant.contender), laps);
        }
      }
    }
  }

  /** One after the other: what another has brought is not what a contender left. */
  private void raceAlone(Course course, List<Entrant> entrants, Map<String, List<Lap>> laps)
      throws IOException, InterruptedException {
    long seed = 0;
    for (Entrant entrant : entrants) {
      bring(List.of(entrant, entrant));
      for (int round = 0; round < plan.rounds; round++) {
        Thread.sleep(AGING); // nothing has changed just before a pass; rsync wouldn't see it
        scenario.change().apply(course.source(), seed++);
        Command.of("sync", "-f", course.source().toString()).run();
        note(entrant.kind.label(), lap(course, entrant.contender), laps);
      }
    }
  }

  private void note(String label, Lap lap, Map<String, List<Lap>> laps) {
    laps.computeIfAbsent(label, _ -> new ArrayList<>()).add(lap);
    progress.accept("  %-24s %7.2f s".formatted(label, lap.wallSeconds()));
  }

  private Lap lap(Course course, Contender contender) throws IOException, InterruptedException {
    if (scenario.start() == Start.EMPTY) {
      place.emptyTarget();
    }
    FreeMemory.warm();
    var meter = new Meter(contender.services(), plan.detail);
    Sent before = sent();
    Command.Outcome outcome = contender.command().run(meter);
    Sent sent = sent().since(before);
    long flushing = System.nanoTime();
    place.flush();
    Duration flush = Duration.ofNanos(System.nanoTime() - flushing);
    Judge.requireEqual(
        course.source(),
        course.target(),
        scenario.data().isComparedByContent()
            ? Judge.Sameness.CONTENT
            : Judge.Sameness.SIZE_AND_TIME);
    return new Lap(
        outcome.wall(),
        flush,
        outcome.usage().processes(),
        outcome.usage().threads(),
        link.isPresent()
            ? OptionalLong.of(sent.forth + sent.back)
            : contender.wireBytes(outcome.output()),
        link.isPresent()
            ? OptionalDouble.of(link.get().speed().share(sent.forth, outcome.wall()))
            : OptionalDouble.empty());
  }

  /** Bytes that went over the slow link, from the source to the target and back. */
  private record Sent(long forth, long back) {
    Sent since(Sent before) {
      return new Sent(forth - before.forth, back - before.back);
    }
  }

  private Sent sent() {
    return link.map(each -> new Sent(each.bytesForth(), each.bytesBack())).orElse(new Sent(0, 0));
  }

  private static void close(List<Entrant> entrants) throws IOException, InterruptedException {
    for (Entrant entrant : entrants) {
      entrant.contender.close();
    }
  }
}
