package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.session.Line;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.ReplicationStatus;
import io.driftless.source.session.Shipment;
import io.driftless.source.session.VolumeStatus.State;
import io.driftless.source.session.VolumeTotals;
import io.driftless.source.watch.DirtySet;
import io.driftless.source.watch.DirtySet.Batch;
import io.driftless.source.watch.DirtySet.Doubt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the target of one volume follow its source: ships what is dirty, and has a pass run
 * whenever something is in doubt. Its steps belong to the thread of the volume; status, switches
 * and the end may come from any.
 */
final class Replicator {
  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);

  private static final int BATCH_ENTRIES_MAX = 8 * 1024;
  private static final Duration BUSY_DELAY = Duration.ofMillis(500);

  /** Between two passes that nobody asked for; as long as one takes, within these. */
  private static final Duration PASSES_APART_MIN = Duration.ofMillis(250);

  private static final Duration PASSES_APART_MAX = Duration.ofSeconds(30);

  private static final int HELD_IN_A_ROW_MAX = 4;

  /** From the first refusal of what looks deleted until it is held. */
  private static final Duration UNDER_WAY_MAX = Duration.ofSeconds(3);

  private static final Duration UNDER_WAY_PAUSE = Duration.ofMillis(500);

  /** A line that ends sooner than this after it was opened is not opened again at once. */
  private static final Duration STEADY = Duration.ofSeconds(1);

  /** Between two passes where nothing can be noticed. */
  private static final Duration PASSES_ALONE = Duration.ofSeconds(60);

  /** What a core hashes and a lane carries of a large file, at the least. */
  private static final long READ_BYTES_A_MILLI = 400_000;

  private static final int READ_SHARE = 10;

  private final String volume;
  private final LineOpener lines;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final DirtySet dirty;
  private final Watching watching;

  private volatile boolean on;
  private volatile Instant pausedUntil = Instant.MIN;

  /** Whether there is a moment of which the target is known to have had everything. */
  private volatile boolean hasProof;

  private volatile Condition condition = new Condition(State.CATCHING_UP, "", "");
  private volatile long busyFiles;
  private volatile long problems;
  private volatile VolumeTotals shipped = VolumeTotals.NONE;
  private volatile boolean closed;

  /** When the target was known to have everything, by a pass or from before; monotonic. */
  private volatile long provenAt;

  /** Since when a guard holds something; MAX_VALUE if none does. */
  private volatile long heldSince = Long.MAX_VALUE;

  /** What there is to say of that. */
  private volatile @Nullable Condition held;

  /** Since when a guard lets nothing in at all; MAX_VALUE if none does. */
  private volatile long shutOutSince = Long.MAX_VALUE;

  // The thread's own
  private volatile @Nullable Line line;
  private long openedAt;

  /** A line could not be opened, or was lost, and none was opened since. */
  private boolean isAway;

  private final Retries retries;
  private final Appointment nextPass;
  private boolean passIsAskedFor;

  /** Passes that a guard has held while there were changes. */
  private int heldInARow;

  /** When a guard first refused what is still dirty, monotonic; MAX_VALUE if none did. */
  private long refusedAt = Long.MAX_VALUE;

  /** The target refuses the volume to everybody, and others may write to it there. */
  private boolean released;

  private @Nullable Doubt ofRunningPass;
  private long passBegan;

  /** From before its doubt is taken until after it has been put back, or is settled. */
  private volatile boolean passRuns;

  /** When the last pass began that told all that nobody knew; monotonic. */
  private volatile long goodPassBegan;

  /** Opens a line to the volume on the target; may wait a moment for a session. */
  @FunctionalInterface
  interface LineOpener {
    Line.Opening open() throws InterruptedException;
  }

  /** What there is to say of it. */
  record Condition(State state, String reason, String next) {}

  Replicator(
      String volume,
      Watch.Opener watches,
      LineOpener lines,
      InstantSource clock,
      LongSupplier nanoTime,
      Runnable sooner) {
    this.volume = volume;
    this.lines = lines;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.dirty = new DirtySet(nanoTime, sooner);
    this.watching = new Watching(watches, dirty, nanoTime, sooner);
    this.retries = new Retries(nanoTime);
    this.nextPass = new Appointment(nanoTime);
    this.passBegan = nanoTime.getAsLong();
    this.goodPassBegan = nanoTime.getAsLong();
  }

  /**
   * Switches it on or off.
   *
   * @param proven the last moment of which the target is known to have everything
   */
  synchronized void switchTo(boolean wanted, Path root, Optional<Instant> proven) {
    if (wanted == on || closed) {
      return;
    }
    on = wanted;
    if (wanted) {
      hasProof = proven.isPresent();
      Duration age = proven.map(this::ageOf).orElse(Duration.ZERO);
      provenAt = nanoTime.getAsLong() - age.toNanos();
      watching.begin(root, provenAt);
    } else {
      watching.end();
    }
  }

  private Duration ageOf(Instant moment) {
    Duration age = Duration.between(moment, clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Whether the target is known to have everything up to now. */
  boolean isClean() {
    return on
        && condition.state() == State.REPLICATING
        && ofRunningPass == null
        && guardedSince() == Long.MAX_VALUE
        && !watching.isBlind()
        && dirty.dirtySince().isEmpty();
  }

  boolean isOn() {
    return on;
  }

  /** Since when a guard keeps something from the target; MAX_VALUE if none does. */
  private long guardedSince() {
    return Math.min(heldSince, shutOutSince);
  }

  /** Whether changes are noticed, wherever they go. */
  boolean isNoticing() {
    return on && !watching.isBlind();
  }

  /** Whether changes are noticed, and nothing but the network keeps them from the target. */
  boolean mayFollow() {
    return isNoticing() && guardedSince() == Long.MAX_VALUE && pausedUntil().isEmpty();
  }

  /** Whether changes are noticed, and go to the target as they come. */
  boolean isFollowing() {
    State state = condition.state();
    return mayFollow() && (state == State.REPLICATING || state == State.CATCHING_UP);
  }

  /**
   * Whether everything from before a moment has been noticed by now, be it by a pass. From any
   * thread.
   *
   * @param moment monotonic nanoseconds
   */
  boolean knowsAllUntil(long moment) {
    boolean isCertain = !passRuns && !dirty.isInDoubt() && !passRuns; // one may have begun or ended
    return isCertain || goodPassBegan - moment > 0;
  }

  /** Whether a pass is about to settle what is in doubt. From any thread. */
  boolean isSettling() {
    return passRuns;
  }

  Watching watching() {
    return watching;
  }

  /** Ships nothing until then; what changes is still taken note of. */
  void pause(Instant until) {
    pausedUntil = until;
  }

  void resume() {
    pausedUntil = Instant.MIN;
  }

  /** Until when nothing is shipped; empty if it isn't paused. */
  Optional<Instant> pausedUntil() {
    Instant until = pausedUntil;
    return clock.instant().isBefore(until) ? Optional.of(until) : Optional.empty();
  }

  Condition condition() {
    return condition;
  }

  // Steps

  /** Nanoseconds until there is something to do; 0 or less if there is, MAX_VALUE if never. */
  long untilDue() {
    if (!on || closed) {
      return Long.MAX_VALUE;
    }
    if (pausedUntil().isPresent()) {
      return watching.nanosLeft();
    }
    long wait = dirty.untilDue();
    if (released) {
      wait = 0; // not before the next attempt
    } else if (dirty.isInDoubt()) {
      wait = passIsAskedFor ? Long.MAX_VALUE : nextPass.nanosLeft();
    } else if (isCut()) {
      wait = 0; // as with a release
    }
    if (wait < Long.MAX_VALUE) {
      wait = Math.max(wait, retries.nanosLeft());
    }
    return Math.min(wait, watching.nanosLeft());
  }

  /**
   * Does what is due.
   *
   * @param asking asks for a pass over the whole volume
   */
  void step(long lastPass, Runnable asking) throws InterruptedException {
    watching.sweep(nextPass, passBegan);
    if (pausedUntil().isPresent() || released && !isGivenBack()) {
      return;
    }
    if (dirty.isInDoubt()) {
      askForPass(asking);
      return;
    }
    Batch batch = retries.isDue() ? dirty.take(BATCH_ENTRIES_MAX) : null;
    if (batch != null) {
      ship(batch, lastPass);
    } else {
      reconnect();
    }
  }

  /** Why a line has ended while nothing was shipped is told when it is opened again. */
  private void reconnect() throws InterruptedException {
    if (isCut() && retries.isDue() && openLine() != null) {
      retries.worked();
      worksAgain();
    }
  }

  /** Whether the target can't be told anything, or tell why not, until a line is opened again. */
  private boolean isCut() {
    Line open = line;
    return isAway || open != null && open.hasEnded();
  }

  private void worksAgain() {
    Condition heldBack = held;
    condition = heldBack == null ? new Condition(State.REPLICATING, "", "") : heldBack;
  }

  /** Asks now and then whether the target has taken back its release. */
  private boolean isGivenBack() throws InterruptedException {
    if (!retries.isDue()) {
      return false;
    }
    if (openLine() == null) {
      if (retries.isDue()) {
        retries.failed();
      }
      return false;
    }
    released = false;
    held = null;
    retries.worked();
    condition = new Condition(State.CATCHING_UP, "the target gave the volume back", "");
    return true;
  }

  private void askForPass(Runnable asking) {
    if (!passIsAskedFor && nextPass.isDue()) {
      LOG.info("{} is passed through: {}", volume, dirty.doubt());
      asking.run();
      passIsAskedFor = true;
    }
  }

  private void ship(Batch batch, long lastPass) throws InterruptedException {
    Line open = openLine();
    if (open == null) {
      dirty.failed();
      return;
    }
    Shipment shipment = open.ship(batch.changes(), lastPass);
    switch (shipment.ending()) {
      case PassEnding.Complete complete -> {
        shipped = shipped.plus(complete.counters(), shipment.problems().size());
        if (batch.entries() < BATCH_ENTRIES_MAX) {
          refusedAt = Long.MAX_VALUE; // all that was due: what had been refused, too
        }
        arrived(shipment, batch);
      }
      case PassEnding.Refused refused when isRelease(refused.guard()) -> refused(refused);
      case PassEnding.Refused refused when mayBeUnderWay() -> {
        shipped = shipped.plus(refused.counters(), 0);
        dirty.failed();
        retries.putOff(UNDER_WAY_PAUSE);
      }
      case PassEnding.Refused refused -> {
        shipped = shipped.plus(refused.counters(), shipment.problems().size());
        arrived(shipment, batch);
        held(refused.guard(), batch.since());
      }
      case PassEnding.Cancelled _ -> lost("cancelled", "");
      case PassEnding.Failed failed -> failed(failed.failure(), batch);
      case PassEnding.Broken broken -> lost(broken.failure());
    }
  }

  /**
   * What vanishes may be on its way to another name, which speaks for it when it has arrived. So
   * all of it is shipped again for a while before it is held.
   */
  private boolean mayBeUnderWay() {
    long now = nanoTime.getAsLong();
    refusedAt = Math.min(refusedAt, now);
    return held == null && now - refusedAt < UNDER_WAY_MAX.toNanos();
  }

  private void arrived(Shipment shipment, Batch batch) {
    retries.worked();
    long busy = 0;
    for (Problem problem : shipment.problems()) {
      switch (problem.reason()) {
        case Problem.DIRECTORY_LACKED -> dirty.tree(problem.path(), batch.since());
        case Problem.BUSY -> {
          busy++;
          dirty.again(problem.path(), batch.since(), BUSY_DELAY);
        }
        case Problem.DIRECTORY_MISSING, Problem.REPLACED ->
            dirty.again(problem.path(), batch.since(), BUSY_DELAY);
        case Problem.STORAGE_ERROR ->
            dirty.inDoubt("%s: %s".formatted(problem.path(), problem.detail()), batch.since());
        default -> {
          problems++;
          LOG.warn("{}: {}: {}", problem.path(), problem.reason(), problem.detail());
        }
      }
    }
    busyFiles = busy;
    shipment.sightings().relinked().forEach(dirty::unsettled);
    dirty.shipped();
    shipment.sightings().large().forEach((path, bytes) -> dirty.cool(path, rest(bytes)));
    shipment
        .sightings()
        .postponed()
        .forEach(path -> dirty.again(path, batch.since(), shipment.rest()));
    if (shipment.sightings().areNamesTooMany()) {
      dirty.inDoubt("files with very many names changed", batch.since());
    }
    worksAgain();
  }

  /** Reading a file takes a tenth of the time, at the most. */
  private static Duration rest(long bytes) {
    return Duration.ofMillis(bytes / READ_BYTES_A_MILLI * READ_SHARE);
  }

  private void held(Guard guard, long since) {
    heldSince = Math.min(guardedSince(), since);
    shutOutSince = Long.MAX_VALUE;
    State state = isRelease(guard) ? State.RELEASED : State.HELD;
    held = new Condition(state, guard.message(), guard.continueWith());
    condition = held;
    if (isRelease(guard) && !released) {
      released = true;
      dirty.inDoubt("the volume was released on the target, where others may have written to it");
    }
  }

  private static boolean isRelease(Guard guard) {
    return guard.slug().equals(Guard.RELEASED);
  }

  /** Something went wrong that nobody foresaw. */
  void failed(RuntimeException failure) {
    LOG.error("replication of {} failed", volume, failure);
    lost(failure.toString(), "it is tried again; report it with the agent's log");
    condition =
        new Condition(
            State.ERROR, failure.toString(), "it is tried again; report it with the agent's log");
  }

  /** The same again would end the same way; a pass over everything tells what is the matter. */
  private void failed(Failure failure, Batch batch) {
    dirty.shipped();
    dirty.inDoubt(failure.message(), batch.since());
    lost(failure);
  }

  private void lost(Failure failure) {
    lost(failure.message(), failure.hint());
  }

  private void lost(String reason, String next) {
    dirty.failed();
    closeLine();
    isAway = true;
    LOG.info("changes of {} did not arrive: {}", volume, reason);
    condition = new Condition(State.DISCONNECTED, reason, next);
    retries.failed();
  }

  private @Nullable Line openLine() throws InterruptedException {
    Line open = line;
    if (open != null && !open.hasEnded()) {
      return open;
    }
    closeLine();
    isAway = true;
    if (open != null && nanoTime.getAsLong() - openedAt < STEADY.toNanos()) {
      retries.failed();
      return null;
    }
    switch (lines.open()) {
      case Line.Opening.Opened(Line opened) -> {
        opened(opened);
        return opened;
      }
      case Line.Opening.NotOpened(PassEnding why) -> refused(why);
      case Line.Opening.Unreachable(String why) ->
          condition = new Condition(State.DISCONNECTED, why, "tries again by itself");
    }
    return null;
  }

  private void opened(Line opened) {
    line = opened;
    openedAt = nanoTime.getAsLong();
    isAway = false;
    shutOutSince = Long.MAX_VALUE;
  }

  private void refused(PassEnding why) {
    switch (why) {
      case PassEnding.Refused(_, Guard guard) -> {
        lost(guard.message(), guard.continueWith());
        long since = dirty.dirtySince().orElse(nanoTime.getAsLong());
        if (isRelease(guard)) {
          held(guard, since);
        } else { // what else is held stays so when the target lets the source in again
          shutOutSince = Math.min(shutOutSince, since);
          condition = new Condition(State.HELD, guard.message(), guard.continueWith());
        }
      }
      case PassEnding.Failed(Failure failure) -> {
        lost(failure);
        condition = new Condition(State.ERROR, failure.message(), failure.hint());
      }
      case PassEnding.Broken(Failure failure) -> lost(failure);
      case PassEnding.Complete _, PassEnding.Cancelled _ -> lost("the target went away", "");
    }
  }

  /** The target has one conversation about the volume, which somebody else needs now. */
  void closeLine() {
    Line open = line;
    line = null;
    if (open != null) {
      open.close();
    }
  }

  // Passes

  /** A pass over the volume begins. */
  void passBegins(PassRequest request) {
    closeLine();
    if (!on || !isWhole(request)) {
      return;
    }
    passIsAskedFor = false;
    passRuns = true;
    passBegan = nanoTime.getAsLong();
    ofRunningPass = dirty.beginPass();
    condition = new Condition(State.CATCHING_UP, ofRunningPass.reason(), "");
  }

  /**
   * What is to hear of the directories that a pass compares entry by entry. One that goes by what
   * has changed finds in them what nobody was told of; one that compares everything says nothing.
   */
  Consumer<TreePath> listener(PassRequest request) {
    return isWhole(request) && request.compare() == Compare.METADATA ? dirty::unsettledIn : _ -> {};
  }

  private static boolean isWhole(PassRequest request) {
    return request.below().isRoot() && !request.effect().isNone();
  }

  void passEnded(PassReport report) {
    Doubt doubt = ofRunningPass;
    ofRunningPass = null;
    if (doubt != null) {
      passEnded(report, doubt);
      passRuns = false;
    }
  }

  private void passEnded(PassReport report, Doubt doubt) {
    Duration took = Duration.ofNanos(nanoTime.getAsLong() - passBegan);
    nextPass.putOff(
        watching.isBlind()
            ? Collections.max(List.of(PASSES_ALONE, took))
            : within(PASSES_APART_MIN, took, PASSES_APART_MAX));
    long since = Math.min(guardedSince(), Math.min(passBegan, doubt.since().orElse(passBegan)));
    switch (report.outcome()) {
      case DONE, PROBLEMS -> {
        released = false;
        hasProof = true;
        provenAt = passBegan;
        held = null;
        isAway = false;
        heldInARow = 0;
        refusedAt = Long.MAX_VALUE;
        goodPassBegan = passBegan;
        problems = 0;
        busyFiles = 0;
        heldSince = Long.MAX_VALUE;
        shutOutSince = Long.MAX_VALUE;
        condition = new Condition(State.REPLICATING, "", "");
        report.problems().stream()
            .filter(problem -> problem.reason().equals(Problem.BUSY) && !problem.path().isRoot())
            .forEach(problem -> dirty.again(problem.path(), since, BUSY_DELAY));
      }
      case REFUSED -> {
        boolean isReleased = report.guard().filter(Replicator::isRelease).isPresent();
        if (isReleased || mayHaveMisjudged()) {
          dirty.doubtAgain(doubt); // nothing was brought over, or not all that there is
        }
        report.guard().ifPresent(guard -> held(guard, since));
      }
      case CANCELLED, FAILED -> dirty.doubtAgain(doubt);
    }
  }

  /** What was renamed while it was passed through looks deleted; then one more look is due. */
  private boolean mayHaveMisjudged() {
    boolean hasChanged = dirty.dirtySince().isPresent();
    return hasChanged && ++heldInARow < HELD_IN_A_ROW_MAX;
  }

  private static Duration within(Duration least, Duration wanted, Duration most) {
    return Collections.min(List.of(most, Collections.max(List.of(least, wanted))));
  }

  // Status

  ReplicationStatus status() {
    Watch by = watching.now();
    return new ReplicationStatus(
        lag(),
        dirty.size(),
        busyFiles,
        problems,
        by == null ? Watch.BLIND : by.method(),
        by == null ? "" : by.reason(),
        by == null ? 0 : by.overflows(),
        Optional.of(dirty.doubt()).filter(reason -> !reason.isEmpty()),
        pausedUntil());
  }

  /** Where nothing was ever brought over, there is none. */
  private Optional<Duration> lag() {
    if (!hasProof) {
      return Optional.empty();
    }
    Doubt running = ofRunningPass;
    long doubtful = running == null ? Long.MAX_VALUE : running.since().orElse(Long.MAX_VALUE);
    long dirtySince = dirty.dirtySince().orElse(Long.MAX_VALUE);
    long unseen = watching.isBlind() ? provenAt : Long.MAX_VALUE;
    long since = Math.min(Math.min(guardedSince(), unseen), Math.min(doubtful, dirtySince));
    return Optional.of(
        since == Long.MAX_VALUE
            ? Duration.ZERO
            : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - since)));
  }

  /** What was done between passes. */
  VolumeTotals shipped() {
    return shipped;
  }

  DirtySet dirty() {
    return dirty;
  }

  synchronized void close() {
    closed = true;
    on = false;
    Line open = line;
    if (open != null) {
      open.cancel();
    }
    watching.end();
  }
}
