package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.wire.Session;
import io.driftless.source.report.ManifestException;
import io.driftless.source.session.ChangeLine;
import io.driftless.source.session.EntryInquiry;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PassRequest;
import io.driftless.source.session.PassRun;
import io.driftless.source.session.PassSettings;
import io.driftless.source.session.VolumeStatus;
import io.driftless.source.session.VolumeStatus.State;
import io.driftless.source.session.VolumeTotals;
import io.driftless.source.state.PassArchive;
import io.driftless.source.watch.Watcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the passes of one volume, one after the other, over whatever session there is. Thread-safe.
 */
final class VolumeWorker implements Provable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeWorker.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  /** How long a question waits for a target that isn't connected. */
  private static final Duration INQUIRY_PATIENCE = Duration.ofSeconds(10);

  private static final Duration NOTES_APART = Duration.ofSeconds(30);

  private final TargetLink link;
  private final PassArchive archive;
  private final Watcher watcher;
  private final InstantSource clock;
  private final VolumeQueue queue = new VolumeQueue();
  private final InquiryDesk inquiries = new InquiryDesk();

  /** Held by the one pass or question that talks to the target. */
  private final Semaphore turn = new Semaphore(1, true);

  private final Replicator replicator;
  private final Thread thread;

  private volatile VolumeSettings volume;
  private volatile Condition condition;

  /** The thread's own. */
  private Instant nextNote = Instant.MIN;

  /** What passes did, and what went over the wire between them; written by the thread alone. */
  private volatile VolumeTotals totals = VolumeTotals.NONE;

  private volatile Instant pausedAt = Instant.EPOCH;
  private volatile Optional<PassReport> lastReport = Optional.empty();
  private volatile Optional<PassReport> lastVerification = Optional.empty();

  VolumeWorker(
      VolumeSettings volume,
      TargetLink link,
      PassArchive archive,
      Watcher watcher,
      InstantSource clock) {
    this.volume = volume;
    this.link = link;
    this.archive = archive;
    this.watcher = watcher;
    this.clock = clock;
    this.condition =
        new Condition(
            State.NEW, "never seeded", clock.instant(), "driftless seed " + volume.name());
    this.replicator =
        new Replicator(
            volume.name(), link, watcher, this::openLine, clock, System::nanoTime, queue::wake);
    this.thread = Thread.ofVirtual().name("volume-" + volume.name()).unstarted(this::work);
  }

  /** State, reason, since when, and what happens next. */
  private record Condition(State state, String reason, Instant since, String next) {}

  void start() throws IOException {
    archive.lastReport(volume.name(), Purpose.SYNC).ifPresent(this::remember);
    lastVerification = archive.lastReport(volume.name(), Purpose.VERIFY, Purpose.VERIFY_CONTENT);
    archive.pausedUntil(volume.name()).ifPresent(replicator::pause);
    pausedAt = clock.instant();
    replicator.switchTo(volume.replicate(), volume.root(), proven());
    follow();
    thread.start();
  }

  @Override
  public String name() {
    return volume.name();
  }

  /** Whether settings are those of the same tree on the way to the same target. */
  boolean canBecome(VolumeSettings settings, TargetLink over) {
    return over == link && settings.root().equals(volume.root());
  }

  /** Takes up settings, from the next pass on. */
  VolumeWorker become(VolumeSettings settings) {
    volume = settings;
    if (thread.isAlive() && settings.replicate() != replicator.isOn()) {
      forgetPause();
      replicator.switchTo(settings.replicate(), settings.root(), proven());
      if (!settings.replicate()) {
        lastReport.ifPresent(this::remember);
      }
      queue.wake();
    }
    return this;
  }

  /**
   * Puts a pass in line; whoever asks need not sit out the pause before the next attempt to dial.
   */
  @Override
  public long request(PassRequest request) {
    long pass = queue.request(request, this::newTicket).pass();
    link.hurry();
    return pass;
  }

  private PassTicket newTicket(PassRequest request) {
    try {
      return new PassTicket(
          volume.name(), archive.nextPass(volume.name()), request, clock.instant());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<PassProgress> progress(long pass) throws IOException {
    Optional<PassTicket> ticket = queue.find(pass);
    return ticket.isPresent()
        ? ticket.map(PassTicket::progress)
        : archive.report(volume.name(), pass).map(PassProgress::ended);
  }

  void awaitEnd(long pass, Duration atMost) throws InterruptedException {
    Optional<PassTicket> ticket = queue.find(pass);
    if (ticket.isPresent()) {
      ticket.get().awaitEnd(atMost);
    }
  }

  boolean cancel() {
    return queue.cancelAll();
  }

  /**
   * Stops what the agent does by itself, until then; a pass that somebody asked for goes on.
   *
   * @return false if the target doesn't follow, so that there is nothing to stop
   */
  boolean pause(Instant until) throws IOException {
    if (!replicator.isOn()) {
      return false;
    }
    archive.pause(volume.name(), until);
    pausedAt = clock.instant();
    replicator.pause(until);
    queue.cancelUnlessAskedFor();
    queue.wake();
    return true;
  }

  /** Lets it go on at once; returns whether it was paused. */
  boolean resume() {
    boolean wasPaused = replicator.isOn() && replicator.pausedUntil().isPresent();
    forgetPause();
    queue.wake();
    return wasPaused;
  }

  private void forgetPause() {
    try {
      archive.resume(volume.name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    replicator.resume();
  }

  List<PassReport> history(int atMost) throws IOException {
    return archive.reports(volume.name(), atMost);
  }

  List<Problem> problems(long offset, int atMost) throws IOException {
    Optional<PassReport> last = lastReport;
    return last.isEmpty()
        ? List.of()
        : archive.problems(volume.name(), last.get().pass(), offset, atMost);
  }

  List<NumberedDifference> differences(long pass, long after, int atMost) throws IOException {
    return archive.differences(volume.name(), pass, after, atMost);
  }

  VolumeTotals totals() {
    return totals.plus(replicator.shipped());
  }

  @Override
  public boolean isWatched() {
    return replicator.isOn() && !replicator.status().watcher().equals(Watched.BLIND);
  }

  @Override
  public Future<?> drained() {
    return watcher.drained();
  }

  @Override
  public boolean isInDoubt() {
    return replicator.dirty().isInDoubt();
  }

  @Override
  public OptionalLong dirtySince() {
    return replicator.dirty().dirtySince();
  }

  @Override
  public VolumeStatus status() {
    Condition now = condition;
    Optional<PassProgress> running = queue.running().map(PassTicket::progress);
    if (running.isEmpty() && replicator.isOn() && now.state() != State.RELEASED) {
      now = replicator.pausedUntil().map(this::paused).orElse(now);
    }
    Optional<String> blocked = running.flatMap(PassProgress::blocked);
    if (blocked.isPresent()) {
      now =
          new Condition(
              State.BLOCKED,
              blocked.get(),
              now.since(),
              "looks again every 10 s and goes on by itself");
    }
    return new VolumeStatus(
        volume.name(),
        volume.root().toString(),
        volume.target(),
        now.state(),
        now.reason(),
        now.since(),
        now.next(),
        running.or(() -> queue.firstWaiting().map(PassTicket::progress)),
        lastReport,
        lastVerification,
        replicator.isOn() ? Optional.of(replicator.status()) : Optional.empty());
  }

  private Condition paused(Instant until) {
    return new Condition(
        State.PAUSED,
        until.equals(Instant.MAX) ? "paused until it is resumed" : "paused until " + until,
        pausedAt,
        "driftless resume " + volume.name());
  }

  private void work() {
    try {
      while (true) {
        PassTicket ticket = queue.take(replicator::untilDue);
        if (ticket == null) {
          replicate();
        } else {
          pass(ticket);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      replicator.closeLine();
    }
  }

  private void pass(PassTicket ticket) throws InterruptedException {
    turn.acquire();
    Condition before = condition;
    PassReport report;
    try {
      replicator.passBegins(ticket.request());
      report = run(ticket);
    } finally {
      turn.release();
    }
    keep(report);
    totals = totals.plus(report);
    replicator.passEnded(report);
    switch (report.purpose()) {
      case SYNC -> remember(report);
      case DRY_RUN -> condition = before;
      case VERIFY, VERIFY_CONTENT -> {
        condition = before;
        lastVerification = Optional.of(report);
      }
    }
    report.guard().filter(VolumeWorker::isReleased).ifPresent(this::released);
    follow();
    queue.finished();
    ticket.end(report); // last: whoever waits for it finds the rest done
  }

  /** Does what is due for the target to follow. */
  private void replicate() throws InterruptedException {
    turn.acquire();
    try {
      long before = wireBytes();
      replicator.step(
          lastReport.map(PassReport::pass).orElse(1L),
          () -> queue.requestUnasked(PassRequest.PLAIN, this::newTicket));
      // Of a session that was replaced meanwhile nothing can be said.
      totals = totals.plusWireBytes(Math.max(0, wireBytes() - before));
    } catch (RuntimeException e) {
      replicator.failed(e);
    } finally {
      turn.release();
    }
    follow();
    noteProven();
  }

  /** The last moment of which the target is known to have everything. */
  private Optional<Instant> proven() {
    Optional<Instant> passed =
        lastReport
            .filter(pass -> pass.outcome() == Outcome.DONE || pass.outcome() == Outcome.PROBLEMS)
            .map(PassReport::startedAt);
    try {
      Optional<Instant> followed = archive.followedUntil(volume.name());
      return passed.isPresent() && followed.filter(passed.get()::isBefore).isPresent()
          ? followed
          : passed;
    } catch (IOException e) {
      LOG.warn("how far {} was followed can't be told", volume.name(), e);
      return passed;
    }
  }

  /** Keeps it now and then, so that lag does not begin with the last pass after a restart. */
  private void noteProven() {
    Instant now = clock.instant();
    if (replicator.isClean() && now.isAfter(nextNote)) {
      nextNote = now.plus(NOTES_APART);
      try {
        archive.followed(volume.name(), now);
      } catch (IOException e) {
        LOG.warn("how far {} is followed can't be kept", volume.name(), e);
      }
    }
  }

  private long wireBytes() {
    return link.current()
        .map(Session::wireBytes)
        .map(bytes -> bytes.sent() + bytes.received())
        .orElse(0L);
  }

  /** Takes over what the replicator has to say. */
  private void follow() {
    if (replicator.isOn()) {
      Replicator.Condition now = replicator.condition();
      become(now.state(), now.reason(), now.next());
    }
  }

  private ChangeLine.Opening openLine(Session session) throws InterruptedException {
    var memory = new PassMemory(volume.name(), archive, lastReport);
    return ChangeLine.open(settings(), session, memory.mountPoints(), clock);
  }

  private PassReport run(PassTicket ticket) throws InterruptedException {
    var account = new PassAccount(volume, ticket, archive);
    while (!ticket.isCancelled()) {
      Optional<Session> session = link.await(LOOK_AGAIN);
      if (session.isEmpty()) {
        become(
            State.DISCONNECTED,
            link.lastError().orElse("not connected yet"),
            "tries again by itself");
        continue;
      }
      become(lastReport.isEmpty() ? State.SEEDING : State.PASSING, "pass " + ticket.pass(), "");
      PassEnding ending = attempt(ticket, session.get(), account);
      if (!(ending instanceof PassEnding.Broken broken)) {
        return account.report(ending);
      }
      LOG.warn(
          "pass {} of {} was cut: {}", ticket.pass(), volume.name(), broken.failure().message());
    }
    return account.cancelled();
  }

  private PassEnding attempt(PassTicket ticket, Session session, PassAccount account)
      throws InterruptedException {
    try {
      account.begin(session);
      PassRun attempt = newRun(ticket, session, account);
      if (!ticket.begin(attempt)) {
        attempt.cancel();
      }
      PassEnding ending = attempt.run();
      account.end(session, attempt.progress());
      account.close(ending);
      return ending;
    } catch (ManifestException e) {
      return new PassEnding.Failed(
          new Failure(
              "manifest",
              String.valueOf(e.getMessage()),
              "check the room in the agent's own directory"));
    }
  }

  private PassRun newRun(PassTicket ticket, Session session, PassAccount account) {
    return new PassRun(settings(), session, ticket.request(), ticket.pass(), account, clock);
  }

  private PassSettings settings() {
    try {
      return new PassSettings(
          volume.name(),
          volume.root(),
          archive.generation(volume.name()),
          volume.filter(),
          volume.filterLines(),
          volume.owners(),
          volume.ownPaths(),
          volume.scratch(),
          volume.witnesses(),
          volume.pace(),
          volume.priority());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins to find out about one entry; returns the number of the question. */
  long explain(EntryInquiry.Question question) {
    long number = inquiries.open("explain-" + volume.name(), looking -> answer(question, looking));
    link.hurry();
    return number;
  }

  Optional<Inquiry> explanation(long number) {
    return inquiries.find(number);
  }

  /** A pass that runs is waited for: the target has one conversation about a volume. */
  private Inquiry answer(EntryInquiry.Question question, Runnable looking)
      throws InterruptedException {
    turn.acquire();
    try {
      Optional<Session> session = link.await(INQUIRY_PATIENCE);
      if (session.isEmpty()) {
        return new Inquiry.Failed(
            new Failure(
                "target-unreachable",
                link.lastError().orElse("the target isn't connected"),
                "driftless status shows the connection"));
      }
      looking.run();
      replicator.closeLine();
      var memory = new PassMemory(volume.name(), archive, lastReport);
      return new EntryInquiry(settings(), session.get(), question, memory, clock).run();
    } finally {
      turn.release();
    }
  }

  private void keep(PassReport report) {
    try {
      archive.record(report);
      report
          .error()
          .ifPresent(error ->
              LOG.info(
                  "pass {} of {} failed: {}", report.pass(), report.volume(), error.message()));
      report
          .guard()
          .ifPresent(guard ->
              LOG.info(
                  "pass {} of {} was refused: {}: {}",
                  report.pass(),
                  report.volume(),
                  guard.slug(),
                  guard.message()));
    } catch (IOException e) {
      LOG.error("the report of pass {} of {} can't be kept", report.pass(), report.volume(), e);
    }
  }

  private void remember(PassReport report) {
    lastReport = Optional.of(report);
    switch (report.outcome()) {
      case DONE, PROBLEMS, CANCELLED ->
          become(
              State.PAUSED,
              "replication is off; pass %d %s"
                  .formatted(
                      report.pass(),
                      report.outcome() == Outcome.CANCELLED ? "was cancelled" : "ended"),
              "driftless sync " + volume.name());
      case REFUSED -> {
        become(
            State.HELD,
            report.guard().map(PassReport.Guard::message).orElse("refused"),
            report.guard().map(PassReport.Guard::continueWith).orElse(""));
        report.guard().filter(VolumeWorker::isReleased).ifPresent(this::released);
      }
      case FAILED ->
          become(
              State.ERROR,
              report.error().map(Failure::message).orElse("failed"),
              report.error().map(Failure::hint).orElse(""));
    }
  }

  private static boolean isReleased(PassReport.Guard guard) {
    return guard.slug().equals(PassReport.Guard.RELEASED);
  }

  /** The target took the right to write away, from this agent and all others. */
  private void released(PassReport.Guard guard) {
    become(State.RELEASED, guard.message(), guard.continueWith());
  }

  private void become(State state, String reason, String next) {
    Condition before = condition;
    if (before.state() != state || !before.reason().equals(reason)) {
      Instant since = before.state() == state ? before.since() : clock.instant();
      condition = new Condition(state, reason, since, next);
    }
  }

  @Override
  public void close() {
    queue.cancelAll();
    replicator.close();
    inquiries.close();
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
