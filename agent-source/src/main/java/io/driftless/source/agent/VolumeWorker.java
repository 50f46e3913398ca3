package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.wire.Session;
import io.driftless.source.session.ChangeLine;
import io.driftless.source.session.EntryInquiry;
import io.driftless.source.session.Inquiry;
import io.driftless.source.session.Line;
import io.driftless.source.session.NumberedDifference;
import io.driftless.source.session.PassEnding;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassProgress.Phase;
import io.driftless.source.session.PassReport;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Outcome;
import io.driftless.source.session.PassReport.Purpose;
import io.driftless.source.session.PassRequest;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the passes of one volume, one after the other, over whatever session there is; verifications
 * of a volume whose target follows go on beside that. Thread-safe.
 */
final class VolumeWorker implements Provable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeWorker.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  /** How long a question waits for a target that isn't connected. */
  private static final Duration INQUIRY_PATIENCE = Duration.ofSeconds(10);

  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

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
  private final PassAttempts attempts;
  private final FollowedVerification followed;
  private final VolumeCondition condition;
  private final Thread thread;

  private volatile VolumeSettings volume;

  /** Runs the verification that was put aside. */
  private volatile @Nullable Thread aside;

  /** The thread's own. */
  private Instant nextNote = Instant.MIN;

  /** What passes did, and what went over the wire between them. */
  private final AtomicReference<VolumeTotals> totals = new AtomicReference<>(VolumeTotals.NONE);

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
    this.condition = new VolumeCondition(volume.name(), clock);
    this.replicator =
        new Replicator(
            volume.name(),
            (root, dirty) -> Watched.begin(watcher, root, dirty),
            this::openLine,
            clock,
            System::nanoTime,
            queue::wake);
    this.attempts = new PassAttempts(() -> this.volume, archive, clock);
    this.followed = new FollowedVerification(replicator, link, watcher, attempts);
    this.thread = Thread.ofVirtual().name("volume-" + volume.name()).unstarted(this::work);
  }

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
    return totals.get().plus(replicator.shipped());
  }

  @Override
  public boolean isWatched() {
    return replicator.isOn() && !replicator.status().watcher().equals(Watch.BLIND);
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
    VolumeCondition.Shown now = condition.now();
    Optional<PassProgress> running = queue.running().map(PassTicket::progress);
    if (running.isEmpty() && replicator.isOn() && now.state() != State.RELEASED) {
      now = replicator.pausedUntil().map(until -> condition.paused(pausedAt, until)).orElse(now);
    }
    boolean isQueued = running.map(PassProgress::phase).filter(Phase.QUEUED::equals).isPresent();
    Optional<String> blocked = running.flatMap(PassProgress::blocked);
    now = blocked.map(isQueued ? now::queued : now::blocked).orElse(now);
    return new VolumeStatus(
        volume.name(),
        volume.root().toString(),
        volume.target(),
        now.state(),
        now.reason(),
        now.since(),
        now.next(),
        running.or(() -> queue.aside().or(queue::firstWaiting).map(PassTicket::progress)),
        lastReport,
        lastVerification,
        replicator.isOn() ? Optional.of(replicator.status()) : Optional.empty());
  }

  private void work() {
    try {
      while (true) {
        PassTicket ticket = queue.take(replicator::untilDue);
        if (ticket == null) {
          replicate();
        } else if (ticket.mayGoAside() && replicator.isFollowing()) {
          goAside(ticket);
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
    VolumeCondition.Shown before = condition.now();
    PassReport report;
    try {
      replicator.passBegins(ticket.request());
      report = run(ticket);
    } finally {
      turn.release();
    }
    keep(report);
    replicator.passEnded(report);
    if (report.purpose() == Purpose.SYNC) {
      remember(report);
    } else {
      condition.again(before);
    }
    condition.noticeRelease(report);
    follow();
    end(ticket, report);
  }

  private void goAside(PassTicket ticket) {
    queue.putAside();
    aside = Thread.ofVirtual().name("verify-" + volume.name()).start(() -> verify(ticket));
  }

  /** Verifies what is followed, or leaves it to be done while nothing else is. */
  private void verify(PassTicket ticket) {
    try {
      Optional<PassReport> report = followed.run(ticket);
      if (report.isPresent()) {
        keep(report.get());
        end(ticket, report.get());
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      LOG.error("verification {} of {} failed", ticket.pass(), volume.name(), e);
    }
    ticket.goAlone();
    queue.putBack();
  }

  private void end(PassTicket ticket, PassReport report) {
    if (report.purpose().isVerification()) {
      lastVerification = Optional.of(report);
    }
    queue.finished(ticket);
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
      long bytes = Math.max(0, wireBytes() - before);
      if (queue.aside().isEmpty()) { // a verification counts all that goes over the wire
        totals.updateAndGet(sum -> sum.plusWireBytes(bytes));
      }
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
      condition.become(now.state(), now.reason(), now.next());
    }
  }

  private Line.Opening openLine() throws InterruptedException {
    Optional<Session> session = link.await(LOOK_AGAIN);
    if (session.isEmpty()) {
      return new Line.Opening.Unreachable(link.lastError().orElse("not connected yet"));
    }
    var memory = new PassMemory(volume.name(), archive, lastReport);
    return ChangeLine.open(
        attempts.settings(), session.get(), memory.mountPoints(), clock, queue::wake);
  }

  private PassReport run(PassTicket ticket) throws InterruptedException {
    PassAccount account = attempts.account(ticket, replicator.listener(ticket.request()));
    while (!ticket.isCancelled()) {
      Optional<Session> session = link.await(LOOK_AGAIN);
      if (session.isEmpty()) {
        condition.become(
            State.DISCONNECTED,
            link.lastError().orElse("not connected yet"),
            "tries again by itself");
        continue;
      }
      State state = lastReport.isEmpty() ? State.SEEDING : State.PASSING;
      condition.become(state, "pass " + ticket.pass(), "");
      PassEnding ending =
          attempts.attempt(
              ticket, attempts.settings(), session.get(), account, PassAttempts.Judge.NONE);
      if (!(ending instanceof PassEnding.Broken broken)) {
        return account.report(ending);
      }
      LOG.warn(
          "pass {} of {} was cut: {}", ticket.pass(), volume.name(), broken.failure().message());
    }
    return account.cancelled();
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
      return new EntryInquiry(attempts.settings(), session.get(), question, memory, clock).run();
    } finally {
      turn.release();
    }
  }

  private void keep(PassReport report) {
    totals.updateAndGet(sum -> sum.plus(report));
    try {
      archive.record(report, queue.oldestUnended());
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
    condition.ended(report);
  }

  @Override
  public void close() {
    queue.cancelAll();
    replicator.close();
    inquiries.close();
    thread.interrupt();
    try {
      thread.join(END_PATIENCE);
      Thread verifying = aside;
      if (verifying != null) {
        verifying.interrupt();
        verifying.join(END_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
