package io.driftless.source.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.Priority;
import io.driftless.protocol.listing.ContentHash;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.listing.FileExaminer;
import io.driftless.protocol.listing.FileExaminer.Depth;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.VolumeMessage.Owners;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.pace.TokenBucket;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
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
import io.driftless.source.scan.Itinerary;
import io.driftless.source.scan.LinkSpillException;
import io.driftless.source.scan.LinkTable;
import io.driftless.source.scan.LinkTable.Selection;
import io.driftless.source.scan.MountPoints;
import io.driftless.source.scan.OwnerCensus;
import io.driftless.source.scan.SearchPace;
import io.driftless.source.scan.Sightings;
import io.driftless.source.scan.Walk;
import io.driftless.source.scan.WalkContext;
import io.driftless.source.send.Answers;
import io.driftless.source.send.ExamineAnswers;
import io.driftless.source.send.OfferBatch;
import io.driftless.source.send.OpenSlices;
import io.driftless.source.send.ViolationException;
import io.driftless.source.send.Window;
import io.driftless.source.session.PassProgress.Phase;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass in a conversation that has been opened: walks, answers the target, tells of links, and
 * waits for the result. Used once.
 */
final class PassWork {
  private static final Logger LOG = LoggerFactory.getLogger(PassWork.class);

  private static final int WALKERS = 2;
  private static final int LISTERS = 2;
  private static final int READERS = 2;

  /** How long a cancelled target may take to say where it stopped. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(60);

  /** How long the reason of an end may lag behind the end. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  /** What a target's guards say when they refuse a volume. */
  private static final Set<String> GUARDS =
      Set.of("not-mounted", "target-root", "held-by", "released", "live", "generation");

  private final PassSettings settings;
  private final PassRequest request;
  private final Itinerary itinerary;
  private final SearchPace pace;
  private final long pass;
  private final PassFindings receiver;
  private final InstantSource clock;
  private final PassSignals signals = new PassSignals();
  private final FindingsRelay findings;
  private final OwnerNotices ownerNotices;
  private final PassListener listener;
  private final Tally tally = new Tally();
  private final Sightings sightings = new Sightings();
  private volatile Phase phase = Phase.QUEUED;

  /**
   * A pass that has not begun.
   *
   * @param pace of looking for names that nothing was told of
   * @param pass number of the pass
   */
  PassWork(
      PassSettings settings,
      PassRequest request,
      Itinerary itinerary,
      SearchPace pace,
      long pass,
      PassFindings receiver,
      InstantSource clock) {
    this.settings = settings;
    this.request = request;
    this.itinerary = itinerary;
    this.pace = pace;
    this.pass = pass;
    this.receiver = receiver;
    this.clock = clock;
    this.findings = new FindingsRelay(receiver, signals::change);
    this.ownerNotices = new OwnerNotices(findings);
    this.listener = new PassListener(signals, findings, ownerNotices, request);
  }

  PassListener listener() {
    return listener;
  }

  PassSignals signals() {
    return signals;
  }

  FindingsRelay findings() {
    return findings;
  }

  Tally tally() {
    return tally;
  }

  /** What concerns the next pass over changes. */
  Sightings sightings() {
    return sightings;
  }

  Phase phase() {
    return phase;
  }

  /** It goes no further; what was found is delivered. */
  void finish() {
    phase = Phase.FINISHED;
    findings.deliver(() -> {});
  }

  /** What is written down while the tree is walked. */
  record Books(LinkTable links, MountPoints mounts, WitnessStore witnesses, Writeback writeback) {}

  /**
   * Goes through all of it; all threads have ended when it returns.
   *
   * @throws IOException if the root is out of order
   */
  PassEnding run(SourceVolume volume, Conversation conversation, VolumeOpened opened, Books books)
      throws IOException, InterruptedException {
    try (var crew = new PassCrew(settings.volume(), priority(), signals::failed)) {
      start(volume, conversation, opened, books, crew);
      supervise(conversation, crew);
    }
    return ending();
  }

  private boolean isTree() {
    return itinerary.course() == Course.TREE;
  }

  /** Whoever waits for a change does not wait for the host's other work. */
  private Priority priority() {
    return isTree() ? settings.priority() : Priority.NORMAL;
  }

  private void start(
      SourceVolume volume,
      Conversation conversation,
      VolumeOpened opened,
      Books books,
      PassCrew crew)
      throws IOException {
    var slices = new OpenSlices(opened.windows(), tally, receiver::unequal);
    var hash = new SeededHash(opened.seed());
    var observer = volume.ownerObserver(conversation);
    var careful = new EntryReader(observer, books.writeback());
    EntryReader entries = isTree() ? careful : EntryReader.trusting(observer);
    TokenBucket disk = settings.pace().bytes();
    var contents = new ContentReader(isTree() ? disk.behind() : disk);
    var files = new SmallFileReader(careful, new ContentHash(hash, contents), contents, clock);
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
            sightings,
            isTree() ? settings.pace().entries() : TokenBucket.unlimited(),
            clock);
    var answers =
        new Answers(
            volume.root(),
            conversation,
            slices,
            new Answers.Readers(
                files,
                new SegmentReader(hash, contents, clock),
                new AbsenceCheck(volume.root(), goneThough(volume)),
                new DeltaReader(hash, contents, clock),
                new ExamineAnswers(
                    depth(), () -> new FileExaminer(hash, clock, contents), receiver, tally),
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
            itinerary.course(),
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
    walk.begin(itinerary);
    walk(context, walk);
    walk.close();
    if (isTree() && settings.owners() == Owners.NUMERIC) {
      ownerNotices.ask(context.owners(), conversation);
    }
    if (isTree() && request.below().isRoot()) {
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
      if (itinerary.course() == Course.CHANGES) {
        walk.completeGroups(pace); // directories that were left for later hold names, too
        walk.awaitEnd();
      }
      signals.walkSent();
      context
          .conversation()
          .send(
              new EndOfWalk(
                  context.slices().count(),
                  tally.entriesFound(),
                  tally.files(),
                  tally.unreadableDirectories()));
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

  /** How it ended, if it has. */
  PassEnding ending() {
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

  static Failure broken(String message) {
    return new Failure("disconnected", message, "the agent tries again by itself");
  }
}
