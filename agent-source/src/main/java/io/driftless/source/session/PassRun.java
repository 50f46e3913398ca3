package io.driftless.source.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.listing.ContentHash;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.listing.FileExaminer.Depth;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Deletes;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.witness.WitnessStore;
import io.driftless.source.read.AbsenceCheck;
import io.driftless.source.read.DeltaReader;
import io.driftless.source.read.EntryReader;
import io.driftless.source.read.SegmentReader;
import io.driftless.source.read.SmallFileReader;
import io.driftless.source.read.Writeback;
import io.driftless.source.report.ManifestException;
import io.driftless.source.report.Tally;
import io.driftless.source.scan.LinkSpillException;
import io.driftless.source.scan.LinkTable;
import io.driftless.source.scan.LinkTable.Selection;
import io.driftless.source.scan.MountPoints;
import io.driftless.source.scan.OwnerCensus;
import io.driftless.source.scan.Walk;
import io.driftless.source.scan.WalkContext;
import io.driftless.source.send.Answers;
import io.driftless.source.send.ExamineAnswers;
import io.driftless.source.send.OfferBatch;
import io.driftless.source.send.OpenSlices;
import io.driftless.source.send.ViolationException;
import io.driftless.source.send.Window;
import io.driftless.source.session.EntrySight.Seen;
import io.driftless.source.session.PassProgress.Phase;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import io.driftless.source.session.PassReport.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over one session: opens the volume, walks it, answers the target, links, and waits for
 * the result. Used once.
 */
public final class PassRun {
  private static final Logger LOG = LoggerFactory.getLogger(PassRun.class);

  private static final int WALKERS = 2;
  private static final int LISTERS = 2;
  private static final int READERS = 2;

  /** How long a cancelled target may take to say where it stopped. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(60);

  /** How long the reason of an end may lag behind the end. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  /** Beyond this a slow disk is not waited for; what was read before it is done is read again. */
  private static final Duration WRITEBACK_PATIENCE = Duration.ofSeconds(10);

  /** What a target's guards say when they refuse a volume. */
  private static final Set<String> GUARDS =
      Set.of("not-mounted", "target-root", "held-by", "released", "live", "generation");

  private static final Notice NOT_ROOT =
      new Notice(
          "source-not-root",
          "the source agent isn't root: it doesn't see attributes of the kind trusted.*, which stay behind");

  private final PassSettings settings;
  private final Session session;
  private final long wireBytesBefore;
  private final PassRequest request;
  private final long pass;
  private final PassFindings receiver;
  private final InstantSource clock;
  private final Instant startedAt;
  private final PassSignals signals = new PassSignals();
  private final FindingsRelay findings;
  private final OwnerNotices ownerNotices;
  private final PassListener listener;
  private final Tally tally = new Tally();
  private volatile Phase phase = Phase.QUEUED;

  /**
   * A pass that has not begun.
   *
   * @param session on which the volume is opened
   * @param pass number of the pass
   */
  public PassRun(
      PassSettings settings,
      Session session,
      PassRequest request,
      long pass,
      PassFindings receiver,
      InstantSource clock) {
    this.settings = settings;
    this.session = session;
    this.wireBytesBefore = session.wireBytes().sent();
    this.request = request;
    this.pass = pass;
    this.receiver = receiver;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.findings = new FindingsRelay(receiver, signals::change);
    this.ownerNotices = new OwnerNotices(findings);
    this.listener = new PassListener(signals, findings, ownerNotices, request);
  }

  /** Runs until the pass has ended one way or another; all its threads have ended then, too. */
  public PassEnding run() throws InterruptedException {
    try (ConfinedRoot root = ConfinedRoot.open(settings.root().toString())) {
      return run(root);
    } catch (IOException e) {
      return new PassEnding.Failed(
          new Failure(
              "source-root",
              String.valueOf(e.getMessage()),
              "check that the root exists, is a directory and can be read by the agent"));
    } finally {
      phase = Phase.FINISHED;
      findings.deliver(() -> {});
    }
  }

  /** Makes {@link #run} end soon. From any thread; idempotent. */
  public void cancel() {
    signals.cancel();
  }

  /** How far it has come. From any thread. */
  public PassProgress progress() {
    return new PassProgress(
        settings.volume(),
        pass,
        Purpose.of(request),
        phase,
        startedAt,
        new Found(tally.entriesFound(), tally.files(), tally.directories(), tally.bytesFound()),
        tally.entriesDone(),
        bytesDone(),
        tally.literalBytes(),
        session.wireBytes().sent() - wireBytesBefore,
        findings.problemCount(),
        listener.blocked(),
        Optional.empty());
  }

  /** Slices are done as wholes; what is read of them meanwhile is to be seen, too. */
  private long bytesDone() {
    return Purpose.of(request) == Purpose.VERIFY_CONTENT
        ? Math.max(tally.bytesDone(), tally.bytesExamined())
        : tally.bytesDone();
  }

  private PassEnding run(ConfinedRoot root) throws IOException, InterruptedException {
    var volume = new SourceVolume(settings, root);
    Optional<Failure> noPart = noPart(volume);
    if (noPart.isPresent()) {
      return new PassEnding.Failed(noPart.get());
    }
    Writeback writeback = Writeback.begin(root, clock);
    Conversation conversation;
    try {
      conversation = session.open(volume.opening(), listener);
    } catch (IOException e) {
      return new PassEnding.Broken(broken(String.valueOf(e.getMessage())));
    }
    try {
      return run(volume, conversation, writeback);
    } finally {
      conversation.end(
          new SessionEnd(
              SessionEnd.Cause.CLOSED_HERE, SessionEnd.PASS_ENDED, "the pass has ended", ""));
    }
  }

  /** Why the part that is asked for can't be walked. */
  private Optional<Failure> noPart(SourceVolume volume) throws IOException {
    TreePath below = request.below();
    if (below.isRoot()) {
      return Optional.empty();
    }
    String why =
        switch (new EntrySight(volume.root(), receiver.mountPoints()).look(below)) {
          case Seen.Present present when present.entry().kind() != Kind.DIRECTORY ->
              "it is no directory";
          case Seen.Present _ ->
              volume
                  .exclusions()
                  .reason(below, Kind.DIRECTORY, volume.root().fd().status())
                  .orElse("");
          case Seen.Absent(String reason) -> reason;
          case Seen.Mounted(String reason) -> reason;
          case Seen.Outside(String reason) -> reason;
          case Seen.Unreadable(_, String slug, String detail) -> slug + ": " + detail;
        };
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Failure(
                "path",
                "%s can't be passed through by itself: %s".formatted(below, why),
                "name a directory of the source that belongs to the volume, or leave --path out"));
  }

  private PassEnding run(SourceVolume volume, Conversation conversation, Writeback writeback)
      throws IOException, InterruptedException {
    signals.await(() -> signals.opened() != null || signals.isOver() || signals.isCancelled());
    VolumeOpened opened = signals.opened();
    if (opened == null || signals.isOver()) {
      return ending();
    }
    Failure unfit = unfit(opened.windows());
    if (unfit != null) {
      return new PassEnding.Failed(unfit);
    }
    receiver.met(opened.generation(), opened.seed());
    if (!ThisProcess.has(ThisProcess.Capability.SYS_ADMIN)) {
      findings.notice(NOT_ROOT);
    }
    try (var links = new LinkTable(settings.scratch(), LinkTable.Limits.DEFAULT);
        WitnessStore witnesses = volume.witnesses(opened, clock);
        var crew = new PassCrew(settings.volume(), signals::failed)) {
      MountPoints mounts = mountPoints();
      try {
        writeback.await(WRITEBACK_PATIENCE);
        var books = new Books(links, mounts, witnesses, writeback);
        start(volume, conversation, opened, books, crew);
        supervise(conversation, crew);
      } finally {
        receiver.mountPoints(mounts.found());
      }
    }
    return ending();
  }

  private static @Nullable Failure unfit(Windows windows) {
    if (windows.streamedBytes() >= ContentMessage.INLINE_BYTES_MAX) {
      return null;
    }
    return new Failure(
        "window",
        "the target grants a window of %d bytes, too small for a file of %d"
            .formatted(windows.streamedBytes(), ContentMessage.INLINE_BYTES_MAX),
        "update the target");
  }

  /** What is written down while the tree is walked. */
  private record Books(
      LinkTable links, MountPoints mounts, WitnessStore witnesses, Writeback writeback) {}

  private MountPoints mountPoints() {
    if (request.deletes() == Deletes.ALLOWED) {
      receiver.forgetMountPoints();
    }
    return new MountPoints(receiver.mountPoints());
  }

  private void start(
      SourceVolume volume,
      Conversation conversation,
      VolumeOpened opened,
      Books books,
      PassCrew crew)
      throws IOException {
    var slices = new OpenSlices(opened.windows(), tally);
    var hash = new SeededHash(opened.seed());
    var entries = new EntryReader(volume.ownerObserver(conversation), books.writeback());
    var files = new SmallFileReader(entries, new ContentHash(hash), clock);
    var context =
        new WalkContext(
            volume.root(),
            volume.exclusions(),
            hash,
            entries,
            files,
            books.links(),
            books.mounts(),
            conversation,
            slices,
            new OfferBatch(conversation),
            findings,
            tally,
            books.witnesses(),
            books.writeback(),
            new OwnerCensus(),
            clock);
    var answers =
        new Answers(
            volume.root(),
            conversation,
            slices,
            new Answers.Readers(
                files,
                new SegmentReader(hash, clock),
                new AbsenceCheck(volume.root(), goneThough(volume)),
                new DeltaReader(hash, clock),
                new ExamineAnswers(
                    depth(), () -> new FileExaminer(hash, clock, settings.disk()), receiver, tally),
                findings,
                tally));
    var linkWindow = new Window("link groups", opened.windows().linkGroups());
    listener.hand(new PassListener.Hearers(slices, answers, linkWindow));
    var walk = new Walk(context);
    conversation.send(
        new BeginPass(
            pass,
            request.compare(),
            request.effect(),
            request.deletes(),
            request.deletesMax(),
            request.excluded(),
            request.below()));
    crew.start("pass", () -> conduct(context, walk, linkWindow));
    startWorkers(crew, walk, answers);
  }

  /** What counts as gone although it is there. */
  private AbsenceCheck.Gone goneThough(SourceVolume volume) {
    return request.excluded() == Excluded.DELETED
        ? volume.exclusions()::isExcludedByPattern
        : (_, _, _) -> false;
  }

  /** A pass that tells what it does, or would do, looks into what can't be trusted. */
  private Depth depth() {
    boolean isByMetadata = request.compare() == Compare.METADATA;
    return isByMetadata && request.effect() == Effect.VERIFY ? Depth.LAYOUT : Depth.CONTENT;
  }

  private static void startWorkers(PassCrew crew, Walk walk, Answers answers) {
    for (int i = 1; i <= WALKERS; i++) {
      crew.start("walk-" + i, walk::walk);
    }
    for (int i = 1; i <= LISTERS; i++) {
      crew.start("list-" + i, walk::list);
    }
    for (int i = 1; i <= READERS; i++) {
      crew.start("read-" + i, answers::serve);
    }
  }

  /** The phases of a pass, one after the other. */
  private void conduct(WalkContext context, Walk walk, Window linkWindow)
      throws IOException, InterruptedException {
    Conversation conversation = context.conversation();
    signals.await(signals::isBegun);
    phase = Phase.WALKING;
    walk.begin(request.below());
    walk(context, walk);
    walk.close();
    if (settings.owners() == Owners.NUMERIC) {
      ownerNotices.ask(context.owners(), conversation);
    }
    if (request.below().isRoot()) {
      context.witnesses().passEnded(context.slices().count());
    }
    phase = Phase.LINKING;
    Selection groups = signals.proof() == Proof.RECORD ? Selection.TOUCHED : Selection.ALL;
    new LinkPhase(conversation, linkWindow).run(context.links(), groups, signals::everythingSent);
  }

  /** Walks everything, and what the target leaves for later as soon as it comes back to it. */
  private void walk(WalkContext context, Walk walk) throws InterruptedException {
    Revisit later;
    do {
      walk.awaitEnd();
      signals.walkSent();
      context
          .conversation()
          .send(
              new EndOfWalk(
                  context.slices().count(), tally.entriesFound(), tally.unreadableDirectories()));
      phase = Phase.TRANSFERRING;
      later = signals.awaitRevisit();
      if (later != null) {
        phase = Phase.WALKING;
        walk.revisit(later.verdicts());
      }
    } while (later != null);
  }

  /** Delivers findings, passes a cancellation on, and returns when the pass is over. */
  private void supervise(Conversation conversation, PassCrew crew) throws InterruptedException {
    while (!signals.isOver() && !signals.isCancelled()) {
      signals.await(() -> signals.isOver() || signals.isCancelled() || findings.isWaiting());
      findings.deliver(() -> conversation.send(new DifferencesTaken()));
    }
    if (signals.failure() instanceof IOException) {
      // Sending fails when the conversation ends; why it ended is about to be told.
      signals.await(() -> signals.end() != null || signals.result() != null, END_PATIENCE);
    }
    if (signals.isCancelled() && !signals.isOver()) {
      conversation.send(new CancelPass());
      crew.close();
      signals.await(signals::isOver, CANCEL_PATIENCE);
    }
  }

  private PassEnding ending() {
    PassResult result = signals.result();
    Throwable failure = signals.failure();
    SessionEnd end = signals.end();
    if (result != null) {
      return ending(result);
    }
    if (end != null) {
      return ending(end);
    }
    if (failure != null) {
      return ending(failure);
    }
    return new PassEnding.Cancelled(Counters.NONE);
  }

  /** The target knows which option continues, not what is typed here. */
  private String command(String hint) {
    return hint.startsWith("--") ? "driftless sync %s %s".formatted(settings.volume(), hint) : hint;
  }

  private PassEnding ending(PassResult result) {
    return switch (result.outcome()) {
      case COMPLETE -> new PassEnding.Complete(result.counters());
      case CANCELLED -> new PassEnding.Cancelled(result.counters());
      case REFUSED ->
          new PassEnding.Refused(
              result.counters(),
              new Guard(
                  result.slug(),
                  result.message(),
                  result.examples().stream().map(TreePath::toString).toList(),
                  command(result.hint())));
      case FAILED ->
          new PassEnding.Failed(new Failure(result.slug(), result.message(), result.hint()));
    };
  }

  private static PassEnding ending(SessionEnd end) {
    if (GUARDS.contains(end.slug())) {
      return new PassEnding.Refused(
          Counters.NONE, new Guard(end.slug(), end.message(), List.of(), end.hint()));
    }
    var failure = new Failure(end.slug(), end.message(), end.hint());
    boolean goesOn = end.mayComeBack() || end.cause() == SessionEnd.Cause.CLOSED_HERE;
    return goesOn ? new PassEnding.Broken(failure) : new PassEnding.Failed(failure);
  }

  private static PassEnding ending(Throwable failure) {
    return switch (failure) {
      case LinkSpillException e ->
          new PassEnding.Failed(
              new Failure(
                  "scratch",
                  String.valueOf(e.getMessage()),
                  "check the room in the agent's own directory"));
      case ManifestException e ->
          new PassEnding.Failed(
              new Failure(
                  "manifest",
                  String.valueOf(e.getMessage()),
                  "check the room in the agent's own directory"));
      case IOException e -> new PassEnding.Broken(broken(String.valueOf(e.getMessage())));
      case ViolationException e ->
          new PassEnding.Failed(
              new Failure(
                  "protocol-violation", String.valueOf(e.getMessage()), "both agents must match"));
      default -> {
        LOG.error("a thread of the pass failed", failure);
        yield new PassEnding.Failed(
            new Failure("internal", failure.toString(), "report it with the agent's log"));
      }
    };
  }

  private static Failure broken(String message) {
    return new Failure("disconnected", message, "the agent tries again by itself");
  }
}
