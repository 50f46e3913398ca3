package io.driftless.source.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Changes;
import io.driftless.source.scan.Sightings;
import io.driftless.source.session.Applied;
import io.driftless.source.session.Found;
import io.driftless.source.session.Line;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.Shipment;
import io.driftless.source.session.VolumeStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A replicator, its volume and its target in simulated time: everything that befalls them comes
 * from the seed. What must hold is checked after every step.
 */
final class SimulatedReplication {
  private static final Instant EPOCH = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration PROVEN = Duration.ofMillis(500);
  private static final int DISTURBANCES = 150;
  private static final long SECOND = 1_000_000_000;
  private static final int STEPS_AT_ONCE_MAX = 20;
  private static final long HEALING_NANOS_MAX = Duration.ofMinutes(10).toNanos();
  private static final Guard RELEASED = new Guard(Guard.RELEASED, "released", List.of(), "");
  private static final Guard DELETES = new Guard("too-many-deletes", "too many", List.of(), "");
  private static final Failure FAILURE = new Failure("failure", "something is wrong", "");

  private final SplittableRandom random;
  private final SimulatedVolume volume;
  private final Watch watch;
  private final Replicator replicator;
  private final List<String> trace = new ArrayList<>();
  private long now = 1_000_000_000;
  private long nextDisturbance = now;
  private int disturbances = DISTURBANCES;
  private boolean passIsWanted;
  private boolean isReachable = true;
  private boolean isReleased;
  private boolean isTold;
  private boolean isCancelled;
  private int stepsAtOnce;
  private boolean isPassing;
  private boolean wasPaused;
  private String state = "";

  /** The last moment at which everything was known to be there. */
  private long cleanAt;

  SimulatedReplication(long seed, Watch watch) {
    this.watch = watch;
    this.random = new SplittableRandom(seed);
    this.volume = new SimulatedVolume(random, () -> now);
    this.replicator =
        new Replicator("www", (_, _) -> watch, this::open, this::instant, () -> now, () -> {});
  }

  private Instant instant() {
    return EPOCH.plusNanos(now);
  }

  /** Runs until everything has settled; returns all that happened. */
  List<String> run() throws InterruptedException {
    if (random.nextBoolean()) {
      volume.changeUnnoticed();
    }
    cleanAt = now - PROVEN.toNanos();
    Optional<Instant> proven =
        random.nextBoolean() ? Optional.of(instant().minus(PROVEN)) : Optional.empty();
    replicator.switchTo(true, Path.of("/simulated"), proven);
    long end = Long.MAX_VALUE;
    while (disturbances > 0 || !replicator.isClean()) {
      end = disturbances == 0 ? Math.min(end, now + HEALING_NANOS_MAX) : end;
      assertThat(now).as("time of settling, with %s missing", volume).isLessThan(end);
      next();
    }
    assertThat(replicator.status().lag()).contains(Duration.ZERO);
    assertThat(volume.oldest()).isEmpty();
    return List.copyOf(trace);
  }

  /** Nothing changes for so long; returns what happened all the same. */
  List<String> rest(Duration length) throws InterruptedException {
    disturbances = 0;
    cleanAt = now;
    replicator.switchTo(true, Path.of("/simulated"), Optional.of(instant()));
    long end = now + length.toNanos();
    while (now < end) {
      next();
    }
    return List.copyOf(trace);
  }

  private void next() throws InterruptedException {
    long before = now;
    if (passIsWanted) {
      pass();
    } else if (replicator.untilDue() <= 0) {
      wasPaused = replicator.pausedUntil().isPresent();
      replicator.step(1, () -> passIsWanted = true);
    } else {
      goOn(Math.min(replicator.untilDue(), isCalm() ? SECOND : Math.max(1, nextDisturbance - now)));
    }
    stepsAtOnce = now == before && !passIsWanted ? stepsAtOnce + 1 : 0;
    assertThat(stepsAtOnce).as("steps in which nothing happens").isLessThan(STEPS_AT_ONCE_MAX);
    check();
  }

  private void note(String what) {
    trace.add("%,d %s".formatted(now / 1000, what));
  }

  /** Time goes by, and things happen meanwhile. */
  private void goOn(long nanos) {
    long until = now + nanos;
    while (nextDisturbance <= until && disturbances > 0) {
      now = Math.max(now + 1, nextDisturbance);
      disturb();
    }
    now = Math.max(now, until);
  }

  private void disturb() {
    nextDisturbance =
        now + 1 + random.nextLong(random.nextInt(10) == 0 ? 5_000_000_000L : 60_000_000);
    if (--disturbances == 0) {
      calmDown();
      return;
    }
    switch (random.nextInt(30)) {
      case 0 -> {
        volume.changeUnnoticed();
        replicator.dirty().inDoubt("an overflow");
        note("overflow");
      }
      case 1 -> {
        isReachable = !isReachable;
        note("reachable " + isReachable);
      }
      case 2 -> {
        isReleased = !isReleased;
        note("released " + isReleased);
      }
      case 3 -> {
        Instant until = instant().plusMillis(random.nextInt(4000));
        replicator.pause(until);
        isCancelled = true;
        note("pause until " + until);
      }
      case 4 -> {
        replicator.resume();
        note("resume");
      }
      case 5 -> {
        passIsWanted = true;
        note("somebody asks for a pass");
      }
      default -> note(volume.change(replicator.dirty()));
    }
  }

  /** From now on nothing goes wrong any more, and somebody lets go what a guard holds. */
  private void calmDown() {
    isReachable = true;
    isReleased = false;
    replicator.resume();
    passIsWanted = true;
    note("calm");
  }

  private boolean isCalm() {
    return disturbances == 0;
  }

  // The target

  private Line.Opening open() {
    goOn(random.nextLong(1_000_000));
    if (!isReachable) {
      goOn(500_000_000);
      return new Line.Opening.Unreachable("nobody listens");
    }
    if (isReleased) {
      isTold = true;
      return new Line.Opening.NotOpened(new PassEnding.Refused(Counters.NONE, RELEASED));
    }
    isTold = false;
    return new Line.Opening.Opened(new SimulatedLine());
  }

  /** Ends when the target goes away, or is taken over. */
  private final class SimulatedLine implements Line {
    private boolean hasEnded;
    private long guardedUntil = Long.MIN_VALUE;

    @Override
    public Shipment ship(Changes changes, long pass) {
      assertThat(wasPaused).as("paused before something is shipped").isFalse();
      assertThat(isTold).as("released while something is shipped").isFalse();
      long began = now;
      note("ship %s %s".formatted(changes.names(), changes.trees()));
      goOn(1 + random.nextLong(random.nextInt(20) == 0 ? 2_000_000_000 : 30_000_000));
      var problems = new ArrayList<Problem>();
      PassEnding ending = end(changes, began, problems);
      note(ending.toString());
      return new Shipment(ending, problems, new Sightings(), Duration.ZERO, 0);
    }

    private PassEnding end(Changes changes, long began, List<Problem> problems) {
      if (!isReachable || hasEnded) {
        return new PassEnding.Broken(FAILURE);
      }
      if (isReleased) {
        isTold = true;
        return new PassEnding.Refused(Counters.NONE, RELEASED);
      }
      int luck = isCalm() ? 100 : random.nextInt(100);
      if (luck < 4) {
        return new PassEnding.Failed(FAILURE);
      }
      if (luck < 8) {
        return new PassEnding.Broken(FAILURE);
      }
      if (luck < 10) {
        return new PassEnding.Cancelled(Counters.NONE);
      }
      if (luck < 14) {
        guardedUntil =
            now + random.nextLong(8_000_000_000L); // longer than what is forgiven, or not
      }
      boolean isGuarded = now < guardedUntil && !isCalm();
      Set<TreePath> held = isGuarded ? volume.some(changes, 2) : Set.of();
      Set<TreePath> left = luck < 40 && held.isEmpty() ? volume.some(changes, 3) : Set.of();
      left.forEach(path -> problems.add(problemOf(path)));
      volume.arrived(changes, began, held.isEmpty() ? left : held);
      return held.isEmpty()
          ? new PassEnding.Complete(Counters.NONE)
          : new PassEnding.Refused(Counters.NONE, DELETES);
    }

    private Problem problemOf(TreePath path) {
      String reason =
          switch (random.nextInt(5)) {
            case 0 -> Problem.DIRECTORY_LACKED;
            case 1 -> Problem.DIRECTORY_MISSING;
            case 2 -> Problem.STORAGE_ERROR;
            default -> Problem.BUSY;
          };
      return new Problem(path, reason, "");
    }

    @Override
    public boolean hasEnded() {
      hasEnded |= !isReachable || isReleased;
      return hasEnded;
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}
  }

  private void pass() {
    passIsWanted = false;
    isCancelled = false;
    long began = now;
    Instant startedAt = instant();
    isPassing = true;
    replicator.passBegins(PassRequest.PLAIN);
    note("pass begins");
    while (!isReachable && !isCancelled) {
      goOn(500_000_000);
      check();
    }
    goOn(1 + random.nextLong(random.nextInt(4) == 0 ? 20_000_000_000L : 100_000_000));
    check();
    PassReport report = passEnds(began, startedAt);
    note("pass " + report.outcome());
    replicator.passEnded(report);
    isPassing = false;
  }

  private PassReport passEnds(long began, Instant startedAt) {
    if (isReleased) {
      isTold = true;
      return report(Outcome.REFUSED, startedAt, RELEASED, Set.of());
    }
    isTold = false;
    int luck = isCalm() ? 100 : random.nextInt(100);
    if (luck < 8 || isCancelled || !isReachable) {
      return report(luck < 4 ? Outcome.FAILED : Outcome.CANCELLED, startedAt, null, Set.of());
    }
    Set<TreePath> left = luck < 40 ? volume.some(3) : Set.of();
    volume.allArrived(began, left);
    if (luck < 20) {
      return report(Outcome.REFUSED, startedAt, DELETES, Set.of());
    }
    return report(left.isEmpty() ? Outcome.DONE : Outcome.PROBLEMS, startedAt, null, left);
  }

  private static PassReport report(
      Outcome outcome, Instant startedAt, @Nullable Guard guard, Set<TreePath> busy) {
    return new PassReport(
        "www",
        "new",
        1,
        Purpose.SYNC,
        outcome,
        startedAt,
        1,
        Found.NOTHING,
        Applied.of(Counters.NONE),
        0,
        0,
        busy.size(),
        0,
        busy.stream().map(path -> new Problem(path, Problem.BUSY, "")).toList(),
        List.of(),
        Optional.ofNullable(guard),
        Optional.empty(),
        Optional.empty());
  }

  // What must hold

  private void check() {
    ReplicationStatus status = replicator.status();
    OptionalLong oldest = volume.oldest();
    State is = replicator.condition().state();
    String told = "%s, %d dirty, doubt %s".formatted(is, status.dirtyEntries(), status.doubt());
    if (!told.equals(state)) {
      state = told;
      note(told);
    }
    String what = "%s, lag %s, missing %s".formatted(told, status.lag(), volume);
    if (replicator.isClean()) {
      assertThat(oldest).as(what).isEmpty();
      cleanAt = now;
    }
    long lag = status.lag().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    assertThat(lag)
        .as(what)
        .isGreaterThanOrEqualTo(oldest.isEmpty() ? 0 : now - oldest.getAsLong());
    if (status.lag().isPresent()) {
      assertThat(lag).as(what + ", clean at " + cleanAt).isLessThanOrEqualTo(now - cleanAt);
    }
    if (is == State.REPLICATING && status.dirtyEntries() == 0 && !isPassing && !watch.isBlind()) {
      assertThat(lag == 0 || status.doubt().isPresent()).as(what).isTrue();
    }
  }

  Duration lag() {
    return replicator.status().lag().orElseThrow();
  }

  List<String> trace() {
    return trace;
  }
}
