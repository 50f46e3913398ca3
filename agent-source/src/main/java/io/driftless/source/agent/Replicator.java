package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Session;
import io.driftless.source.session.ChangeLine;
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
import io.driftless.source.watch.Watcher;
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
  private static final Duration SESSION_PATIENCE = Duration.ofMillis(500);
  private static final Duration BUSY_DELAY = Duration.ofMillis(500);

  /** Between two passes that nobody asked for; as long as one takes, within these. */
  private static final Duration PASSES_APART_MIN = Duration.ofMillis(250);

  private static final Duration PASSES_APART_MAX = Duration.ofSeconds(30);

  private static final int HELD_IN_A_ROW_MAX = 4;

  /** Between two passes where nothing can be noticed. */
  private static final Duration PASSES_ALONE = Duration.ofSeconds(60);

  /** What a core hashes and a lane carries of a large file, at the least. */
  private static final long READ_BYTES_A_MILLI = 400_000;

  private static final int READ_SHARE = 10;

  private final String volume;
  private final TargetLink link;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final LineOpener opener;
  private final DirtySet dirty;
  private final Watching watching;

  private volatile boolean on;
  private volatile Instant pausedUntil = Instant.MIN;
  private volatile Optional<Instant> provenBefore = Optional.empty();
  private volatile Condition condition = new Condition(State.CATCHING_UP, "", "");
  private volatile long busyFiles;
  private volatile long problems;
  private volatile VolumeTotals shipped = VolumeTotals.NONE;
  private volatile boolean closed;

  /** Since when a guard holds something; MAX_VALUE if none does. */
  private volatile long heldSince = Long.MAX_VALUE;

  // The thread's own
  private volatile @Nullable ChangeLine line;
  private final Retries retries;
  private final Appointment nextPass;
  private boolean passIsAskedFor;

  /** Passes that a guard has held while there were changes. */
  private int heldInARow;

  /** The target refuses the volume to everybody, and others may write to it there. */
  private boolean released;

  private @Nullable Doubt ofRunningPass;
  private long passBegan;

  /** From before its doubt is taken until after it has been put back, or is settled. */
  private volatile boolean passRuns;

  /** When the last pass began that told all that nobody knew; monotonic. */
  private volatile long goodPassBegan;

  /** Opens a line to the volume on the target. */
  @FunctionalInterface
  interface LineOpener {
    ChangeLine.Opening open(Session session) throws InterruptedException;
  }

  /** What there is to say of it. */
  record Condition(State state, String reason, String next) {}

  Replicator(
      String volume,
      TargetLink link,
      Watcher watcher,
      LineOpener opener,
      InstantSource clock,
      LongSupplier nanoTime,
      Runnable sooner) {
    this.volume = volume;
    this.link = link;
    this.opener = opener;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.dirty = new DirtySet(nanoTime, sooner);
    this.watching = new Watching(watcher, dirty, nanoTime, sooner);
    this.retries = new Retries(nanoTime);
    this.nextPass = new Appointment(nanoTime);
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
      provenBefore = proven;
      watching.begin(root);
    } else {
      watching.end();
    }
  }

  /** Whether the target is known to have everything up to now. */
  boolean isClean() {
    return on
        && condition.state() == State.REPLICATING
        && ofRunningPass == null
        && heldSince == Long.MAX_VALUE
        && dirty.dirtySince().isEmpty();
  }

  boolean isOn() {
    return on;
  }

  /** Whether changes are noticed, wherever they go. */
  boolean isNoticing() {
    return on && !watching.isBlind();
  }

  /** Whether changes are noticed, and nothing but the network keeps them from the target. */
  boolean mayFollow() {
    return isNoticing() && heldSince == Long.MAX_VALUE && pausedUntil().isEmpty();
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
    noticeEnd();
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
    }
  }

  /** Why a line has ended while nothing was shipped is told when it is opened again. */
  private void noticeEnd() throws InterruptedException {
    ChangeLine open = line;
    if (open != null && open.hasEnded()) {
      closeLine();
      openLine();
    }
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
    ChangeLine open = openLine();
    if (open == null) {
      dirty.failed();
      return;
    }
    Shipment shipment = open.ship(batch.changes(), lastPass);
    switch (shipment.ending()) {
      case PassEnding.Complete complete -> {
        shipped = shipped.plus(complete.counters(), shipment.problems().size());
        arrived(shipment, batch);
      }
      case PassEnding.Refused refused when isRelease(refused.guard()) -> refused(refused);
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

  private void arrived(Shipment shipment, Batch batch) {
    retries.worked();
    long busy = 0;
    for (Problem problem : shipment.problems()) {
      switch (problem.reason()) {
        case Problem.DIRECTORY_LACKED -> dirty.tree(problem.path());
        case Problem.BUSY -> {
          busy++;
          dirty.again(problem.path(), batch.since(), BUSY_DELAY);
        }
        case Problem.DIRECTORY_MISSING -> dirty.again(problem.path(), batch.since(), BUSY_DELAY);
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
    if (condition.state() != State.HELD) {
      condition = new Condition(State.REPLICATING, "", "");
    }
  }

  /** Reading a file takes a tenth of the time, at the most. */
  private static Duration rest(long bytes) {
    return Duration.ofMillis(bytes / READ_BYTES_A_MILLI * READ_SHARE);
  }

  private void held(Guard guard, long since) {
    heldSince = Math.min(heldSince, since);
    State state = isRelease(guard) ? State.RELEASED : State.HELD;
    condition = new Condition(state, guard.message(), guard.continueWith());
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
    LOG.info("changes of {} did not arrive: {}", volume, reason);
    condition = new Condition(State.DISCONNECTED, reason, next);
    retries.failed();
  }

  private @Nullable ChangeLine openLine() throws InterruptedException {
    ChangeLine open = line;
    if (open != null) {
      return open;
    }
    Optional<Session> session = link.await(SESSION_PATIENCE);
    if (session.isEmpty()) {
      condition =
          new Condition(
              State.DISCONNECTED,
              link.lastError().orElse("not connected yet"),
              "tries again by itself");
      return null;
    }
    switch (opener.open(session.get())) {
      case ChangeLine.Opening.Opened(ChangeLine opened) -> {
        line = opened;
        return opened;
      }
      case ChangeLine.Opening.NotOpened(PassEnding why) -> {
        refused(why);
        return null;
      }
    }
  }

  private void refused(PassEnding why) {
    switch (why) {
      case PassEnding.Refused(_, Guard guard) -> {
        lost(guard.message(), guard.continueWith());
        held(guard, passBegan);
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
    ChangeLine open = line;
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
    Watched by = watching.now();
    Duration took = Duration.ofNanos(nanoTime.getAsLong() - passBegan);
    nextPass.putOff(
        by != null && by.isBlind()
            ? Collections.max(List.of(PASSES_ALONE, took))
            : within(PASSES_APART_MIN, took, PASSES_APART_MAX));
    switch (report.outcome()) {
      case DONE, PROBLEMS -> {
        released = false;
        heldInARow = 0;
        goodPassBegan = passBegan;
        problems = 0;
        busyFiles = 0;
        heldSince = Long.MAX_VALUE;
        condition = new Condition(State.REPLICATING, "", "");
        provenBefore = Optional.of(report.startedAt());
        report.problems().stream()
            .filter(problem -> problem.reason().equals(Problem.BUSY) && !problem.path().isRoot())
            .forEach(problem -> dirty.again(problem.path(), passBegan, BUSY_DELAY));
      }
      case REFUSED -> {
        boolean isReleased = report.guard().filter(Replicator::isRelease).isPresent();
        if (isReleased || mayHaveMisjudged()) {
          dirty.doubtAgain(doubt); // nothing was brought over, or not all that there is
        }
        report.guard().ifPresent(guard -> held(guard, passBegan));
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
    Watched by = watching.now();
    return new ReplicationStatus(
        lag(),
        dirty.size(),
        busyFiles,
        problems,
        by == null ? Watched.BLIND : by.method(),
        by == null ? "" : by.reason(),
        by == null ? 0 : by.overflows(),
        Optional.of(dirty.doubt()).filter(reason -> !reason.isEmpty()),
        pausedUntil());
  }

  /** Where the volume is in doubt since the start of the agent, by what the last pass proved. */
  private Optional<Duration> lag() {
    Doubt running = ofRunningPass;
    boolean isUnproven = dirty.isInDoubt() || running != null && running.since().isPresent();
    if (isUnproven && condition.state() != State.REPLICATING) {
      return provenBefore.map(proven -> Duration.between(proven, clock.instant()));
    }
    long since = Math.min(heldSince, dirty.dirtySince().orElse(Long.MAX_VALUE));
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
    ChangeLine open = line;
    if (open != null) {
      open.cancel();
    }
    watching.end();
  }
}
