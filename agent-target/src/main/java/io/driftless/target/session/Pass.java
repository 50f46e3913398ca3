package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ComparisonMessage;
import io.driftless.protocol.message.ComparisonMessage.Differences;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examine;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ComparisonMessage.GoneThrough;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.SliceHead;
import io.driftless.protocol.message.DeletionMessage.Absences;
import io.driftless.protocol.message.DeletionMessage.ConfirmAbsent;
import io.driftless.protocol.message.DeletionMessage.Missing;
import io.driftless.protocol.message.DeltaMessage;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Effect;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.driftless.target.compare.Subtree;
import io.driftless.target.session.FileComparison.Outcome;
import io.driftless.target.witness.Retrospect;
import io.driftless.target.witness.SliceNote;
import io.driftless.target.witness.SliceRecord;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the source says during one pass and spreads the work over the workers. Messages come
 * on event loops and from where they are unpacked; whoever waits for an end of a phase does so in
 * its own thread.
 */
final class Pass {
  private static final int OFFERS_AT_ONCE = 32;

  private final PassParts parts;
  private final Workers workers;
  private final OfferJudge offers;
  private final EntryApplier applier;
  private final LinkPhase links;
  private final AbsenceQuestions absences;
  private final RenamePhase renames;
  private final Chronicle chronicle;
  private final DeletionPhase deletions;
  private final BeginPass begin;

  /**
   * What compares in place of what applies, or tells what is applied; null if neither is wanted.
   */
  private final @Nullable Comparison comparison;

  /** What is told of entries goes there. */
  private final DifferenceFeed feed;

  private final LinkComparison.Census census = new LinkComparison.Census();
  private final Object progress = new Object();
  private volatile boolean over;
  private volatile boolean linking;
  private boolean cancelled;
  private final AtomicInteger comparisons = new AtomicInteger();
  private final AtomicInteger searches = new AtomicInteger();
  private final AtomicInteger namings = new AtomicInteger();
  private volatile boolean namesAreCompared;

  /** A slice came incomplete, or could not be applied. */
  private volatile boolean gaps;

  /** The thread's of the pass. */
  private boolean changedBetweenEpochs;

  private @Nullable Exception failure;

  /**
   * A pass that has not begun.
   *
   * @param observer tells what is known of the volume
   */
  Pass(
      PassParts parts,
      Workers workers,
      ReplicaOptions options,
      BeginPass begin,
      ReplicaObserver observer)
      throws LinuxException {
    this.begin = begin;
    this.feed = new DifferenceFeed(parts.conversation());
    this.comparison =
        begin.effect() == Effect.APPLY && begin.compare() == Compare.METADATA
            ? null
            : new Comparison(
                parts,
                workers,
                begin,
                feed,
                observer.lastWrote(),
                this::mend,
                this::finishIfStaged);
    this.parts = parts;
    this.workers = workers;
    var newcomers = new Newcomers(parts, options, begin);
    this.offers = new OfferJudge(parts, begin, newcomers);
    this.applier = new EntryApplier(parts, newcomers, contents());
    this.absences = new AbsenceQuestions(parts.conversation());
    this.renames = new RenamePhase(parts, applier, newcomers, absences, this::finishIfStaged);
    this.links = new LinkPhase(parts, options.windows().linkGroups());
    this.chronicle = new Chronicle(parts, begin, feed, comparison);
    this.deletions = new DeletionPhase(parts, options, begin, absences, chronicle, observer);
  }

  /** What compares files by what they hold, where they are mended by it. */
  private @Nullable Comparison contents() {
    return begin.effect().isNone() ? null : comparison;
  }

  private void mend(Slice slice, int index, FileComparison.Pair pair, Outcome outcome)
      throws IOException, InterruptedException {
    new ContentMender(parts, applier).judge(slice, index, pair, outcome);
  }

  /** A message of this pass. Never blocks. */
  void received(Message message) {
    switch (message) {
      case Offers(List<Offer> offered) -> offered(offered);
      case ContentMessage content -> content(content);
      case EndOfWalk walk -> {
        parts.slices().end(walk);
        if (walk.unreadableDirectories() > 0) {
          parts.extras().sourceIsIncomplete();
        }
        advance();
      }
      case LinkGroup group -> {
        if (!linking) {
          throw new ProtocolViolation("a link group before the walk was applied");
        }
        links.received(group);
        compareSize(census.next(group));
        submit(() -> linked(group));
      }
      case EndOfLinks end -> {
        compareSize(census.end());
        links.end(end);
        advance();
      }
      case Absences answer -> answered(answer);
      case Missing missing -> missing(missing);
      case OwnerNames names -> named(names);
      case ComparisonMessage compared -> compared(compared);
      default ->
          throw new ProtocolViolation("not in a pass: " + message.getClass().getSimpleName());
    }
  }

  /** Told once, at the end of the walk; the answer comes before the result. */
  private void named(OwnerNames names) {
    if (namings.getAndIncrement() > 0) {
      throw new ProtocolViolation("the owners of one pass, named twice");
    }
    submit(() -> {
      OwnerNames others = OwnerNaming.others(names, new NameService());
      if (!others.names().isEmpty()) {
        parts.conversation().send(others);
      }
      namesAreCompared = true;
      advance();
    });
  }

  private void answered(Absences answer) {
    if (!begin.effect().isNone()) {
      absences.answered(answer);
      advance();
      return;
    }
    ConfirmAbsent question = comparison().extras().answered(answer);
    submit(() -> {
      comparison().tellExtras(question, answer);
      advance();
    });
  }

  /** Looks for what the source says it has no longer. */
  private void missing(Missing message) {
    if (begin.course() != Course.CHANGES || parts.slices().isEnded()) {
      throw new ProtocolViolation("missing entries at a point where none are told");
    }
    message.paths().forEach(LinkPhase::requireEntry);
    searches.incrementAndGet();
    submit(() -> {
      for (TreePath path : message.paths()) {
        findMissing(path);
      }
      searches.decrementAndGet();
      advance();
    });
  }

  private void findMissing(TreePath path) throws IOException {
    try {
      Subtree here = parts.comparer().subtreeIfPresent(path);
      if (here != null) {
        parts.extras().add(path.parent(), path.name(), here);
      }
    } catch (LinuxException e) {
      if (!(e instanceof ConfinementException) && e.errno() != Errno.EACCES) {
        throw e;
      }
      parts.extras().unseen();
    }
  }

  private void compared(ComparisonMessage message) {
    switch (message) {
      case Examined examined ->
          comparison().examined(parts.slices().require(examined.slice()), examined);
      case DifferencesTaken _ -> feed.taken();
      case Examine _, Differences _, GoneThrough _ ->
          throw new ProtocolViolation("a question of a target");
    }
  }

  private Comparison comparison() {
    if (comparison == null) {
      throw new ProtocolViolation("nothing is compared in this pass");
    }
    return comparison;
  }

  private void submit(PassParts.Work work) {
    workers.execute(() -> guard(work));
  }

  // Comparing

  private void offered(List<Offer> offered) {
    if (offered.stream().anyMatch(offer -> offer.scope().isNamed())) {
      throw new ProtocolViolation("an offer of names");
    }
    List<Slice> slices = offered.stream().map(parts.slices()::offered).toList();
    for (int from = 0; from < slices.size(); from += OFFERS_AT_ONCE) {
      List<Slice> some = slices.subList(from, Math.min(slices.size(), from + OFFERS_AT_ONCE));
      submit(() -> {
        for (Slice slice : some) {
          compare(slice);
        }
      });
    }
  }

  private void compare(Slice slice) throws IOException {
    Finding finding;
    try {
      finding = offers.judge(slice);
    } catch (ConfinementException e) {
      parts.replies().add(slice.directory, "mount-in-the-way", String.valueOf(e.getMessage()));
      finding = Finding.EQUAL; // nothing of it is wanted
    } catch (LinuxException e) {
      if (e.errno() == Errno.EIO || e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
        throw e;
      }
      parts.replies().add(slice.directory, "not-permitted", e.errno().text());
      finding = Finding.DIFFERS;
    }
    if (finding == Finding.EQUAL || finding == Finding.LATER) {
      parts.slices().close(slice);
      advance();
    }
    parts.replies().verdict(new Verdict(slice.number, finding));
  }

  // Content

  private void content(ContentMessage message) {
    try {
      if (begin.effect().isNone() && !(message instanceof Listing)) {
        throw new ProtocolViolation("content in a pass that changes nothing");
      }
      switch (message) {
        case Listing listing -> {
          Slice slice = parts.slices().listed(listing);
          if (slice.scope.isNamed() && begin.course() != Course.CHANGES) {
            throw new ProtocolViolation("some names of a directory in a pass over a tree");
          }
          parts.slices().arrived(listing.records().bytes().readableBytes());
          post(slice, listing);
        }
        case Contents contents -> post(parts.slices().require(contents.slice()), contents);
        case Segment segment -> post(parts.slices().require(segment.slice()), segment);
        case SegmentDelta delta -> post(parts.slices().require(delta.slice()), delta);
        case RefineSegment refine -> post(parts.slices().require(refine.slice()), refine);
        case ContentMessage.Want _,
            ContentMessage.WantUnlessSame _,
            ContentMessage.WantSegment _,
            DeltaMessage.CompareSegment _,
            DeltaMessage.RefinedSegment _ ->
            throw new ProtocolViolation("a question of a target");
      }
    } catch (RuntimeException e) {
      release(message);
      throw e;
    }
  }

  static void release(Message message) {
    switch (message) {
      case ContentMessage content -> content.release();
      default -> {}
    }
  }

  private void post(Slice slice, ContentMessage message) {
    slice.mailbox.post(() -> {
      if (over) {
        release(message);
      } else {
        guard(() -> apply(slice, message));
      }
    });
  }

  private void apply(Slice slice, ContentMessage message) throws IOException, InterruptedException {
    switch (message) {
      case Listing listing -> applyListing(slice, listing);
      case Contents contents ->
          withPlain(contents.records(), plain -> applier.applyContents(slice, plain));
      case Segment segment ->
          withPlain(segment.literals(), plain -> applier.largeFiles().apply(slice, segment, plain));
      case SegmentDelta delta ->
          withPlain(delta.literals(), plain -> applier.largeFiles().apply(slice, delta, plain));
      case RefineSegment refine -> applier.largeFiles().refine(slice, refine);
      case ContentMessage.Want _,
          ContentMessage.WantUnlessSame _,
          ContentMessage.WantSegment _,
          DeltaMessage _ -> {}
    }
    slice.question.flush();
    if (comparison != null) {
      comparison.examine(slice);
    }
    finishIfStaged(slice);
  }

  /** What is done with bytes as long as they are there. */
  @FunctionalInterface
  private interface PlainWork {
    void accept(ByteBuf plain) throws IOException, InterruptedException;
  }

  private void withPlain(Packed packed, PlainWork work) throws IOException, InterruptedException {
    ByteBuf plain = parts.conversation().unpack(packed);
    try {
      work.accept(plain);
    } finally {
      plain.release();
    }
  }

  private void applyListing(Slice slice, Listing listing) throws IOException, InterruptedException {
    int waiting = listing.records().bytes().readableBytes();
    withPlain(
        listing.records(),
        plain -> {
          requireInOrder(slice, listing);
          if (slice.scope.isNamed()) {
            slice.unproven = parts.relocations().isUnproven(slice.directory);
          } else if (slice.parts == 0 && slice.note == null) {
            slice.note = parts.witnesses().note(slice.unproven ? SliceRecord.NOTHING : null);
          }
          slice.parts++;
          long bytes = take(slice, plain, listing.firstIndex());
          parts.slices().handled(waiting);
          if (bytes > 0) {
            parts.replies().staged(bytes);
          }
        });
    if (listing.part() == Part.LAST) {
      slice.listed = true;
      slice.completeness = listing.completeness();
    }
  }

  private long take(Slice slice, ByteBuf plain, int firstIndex)
      throws IOException, InterruptedException {
    if (begin.effect().isNone()) {
      comparison().listed(slice, plain, firstIndex);
      return 0;
    }
    if (comparison != null && begin.effect() == Effect.ITEMIZE) {
      comparison.itemize(slice, plain.duplicate());
    }
    return applier.applyListing(slice, plain, firstIndex);
  }

  private static void requireInOrder(Slice slice, Listing listing) {
    SliceHead head = listing.head();
    boolean first = slice.parts == 0;
    boolean fits =
        first
            ? head != null
                && head.directory().equals(slice.directory)
                && head.scope().equals(slice.scope)
            : head == null;
    if (!fits || slice.listed) {
      throw new ProtocolViolation("slice %d goes on wrongly".formatted(slice.number));
    }
  }

  private void finishIfStaged(Slice slice) throws IOException, InterruptedException {
    if (slice.isAtRest() && !slice.searched) {
      slice.searched = true;
      findExtras(slice);
    }
    if (slice.isAtRest() && !slice.isStaged()) {
      parts.slices().rest(slice);
      advance();
    }
    if (!slice.isStaged()) {
      return;
    }
    if (slice.note != null) {
      keep(slice, slice.note);
    }
    parts.slices().close(slice);
    parts.replies().sliceDone(slice.number);
    advance();
  }

  private void keep(Slice slice, SliceNote note) {
    if (!slice.isComplete() || slice.refused) {
      note.doubt();
      gaps = true;
    }
    parts.witnesses().add(slice.directory, slice.scope, note);
  }

  private void findExtras(Slice slice) throws IOException, InterruptedException {
    if (slice.scope.isNamed()) {
      return; // it leaves out whatever has not changed
    }
    boolean isComplete = slice.isComplete();
    if (isComplete && !slice.isOffered()) {
      return; // its directory was not there, or empty
    }
    if (isComplete && slice.directory.isRoot() && slice.scope.bits() == 0 && slice.nextIndex == 0) {
      parts.extras().sourceIsEmpty();
    }
    boolean isNone = begin.effect().isNone();
    if (isComplete && !isNone && slice.isAllMet()) {
      return;
    }
    try {
      if (isComplete && isNone) {
        comparison().askForExtras(slice);
      } else if (isComplete) {
        parts
            .comparer()
            .leftOut(
                slice.directory,
                slice.scope,
                slice.names,
                (name, subtree) -> extra(slice, name, subtree));
      } else if (parts.comparer().hasLeftOut(slice.directory, slice.scope, slice.names)) {
        parts.extras().unseen();
      }
    } catch (LinuxException e) {
      if (!(e instanceof ConfinementException) && e.errno() != Errno.EACCES) {
        throw e;
      }
      parts.extras().unseen();
    }
  }

  private void extra(Slice slice, Name name, Subtree subtree) {
    parts.tally().before(subtree.entriesBelow(), subtree.filesBelow());
    parts.extras().add(slice.directory, name, subtree);
  }

  private void linked(LinkGroup group) throws IOException, InterruptedException {
    if (comparison != null && begin.effect() != Effect.APPLY) {
      comparison.compare(group);
    }
    if (begin.effect().isNone()) {
      links.passOver(group);
    } else {
      links.apply(group);
    }
    advance();
  }

  private void compareSize(LinkComparison.@Nullable Group complete) {
    boolean isVerified = begin.effect() == Effect.VERIFY;
    // Names may lie outside of a part.
    boolean isWhole = begin.isWhole();
    if (complete != null && isWhole && (isVerified || !begin.effect().isNone())) {
      comparisons.incrementAndGet();
      submit(() -> {
        if (isVerified) {
          comparison().links().compareSize(complete);
        } else {
          links.suspect(complete);
        }
        comparisons.decrementAndGet();
        advance();
      });
    }
  }

  // Phases

  /** Waits until everything that the walk met is staged. */
  void awaitWalk() throws IOException, InterruptedException {
    await(() -> parts.slices().areAllAtRest() && searches.get() == 0);
    while (renames.isDue()) {
      changedBetweenEpochs = true;
      parts.epochs().flush();
      renames.run(() -> await(absences::hasAnswer));
      await(parts.slices()::areAllAtRest);
      for (Relocations.Renamed each : parts.relocations().takeRenamed()) {
        chronicle.renamed(each.from(), each.to(), each.kind());
      }
    }
  }

  /**
   * Whether entries were renamed or deleted, which is durable with the next epoch at the earliest.
   */
  boolean hasChangedBetweenEpochs() {
    return changedBetweenEpochs;
  }

  void beginLinks() {
    linking = true;
  }

  /** Waits until all link groups are staged. */
  void awaitLinks() throws InterruptedException {
    await(() ->
        links.areAllStaged() && comparisons.get() == 0 && (namings.get() == 0 || namesAreCompared));
  }

  /** Gives an inode of its own to what shares one otherwise than at the source. */
  void separate() throws IOException, InterruptedException {
    links.separate();
  }

  /**
   * Deletes what the source has no longer.
   *
   * @param poisoned some of this pass may have been lost
   * @return who speaks against it, if somebody does
   */
  Optional<DeletionGuard.Refusal> deleteExtras(boolean poisoned)
      throws IOException, InterruptedException {
    if (begin.effect().isNone()) {
      await(() -> comparisons.get() == 0 && comparison().extras().isAllTold());
    }
    long before = parts.tally().deleted.sum();
    Optional<DeletionGuard.Refusal> refusal = runDeletions(poisoned);
    changedBetweenEpochs |= parts.tally().deleted.sum() > before;
    feed.drain();
    return refusal;
  }

  private Optional<DeletionGuard.Refusal> runDeletions(boolean poisoned)
      throws IOException, InterruptedException {
    return deletions.run(poisoned, () -> await(absences::hasAnswer));
  }

  private void await(BooleanSupplier done) throws InterruptedException {
    synchronized (progress) {
      while (!over && !done.getAsBoolean()) {
        progress.wait();
      }
      if (over) {
        throw new CancellationException("the pass is over");
      }
    }
  }

  private void advance() {
    synchronized (progress) {
      progress.notifyAll();
    }
  }

  // Ends

  /** Runs work unless the pass is over; a failure ends it. */
  void guard(PassParts.Work work) {
    if (over) {
      return;
    }
    try {
      work.run();
    } catch (ProtocolViolation | CorruptedFrameException e) {
      String message = String.valueOf(e.getMessage());
      parts
          .conversation()
          .end(
              new SessionEnd(
                  Cause.VIOLATION, "protocol-violation", message, "both agents must match"));
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CancellationException e) {
      // The pass is over.
    } catch (IOException | RuntimeException e) {
      fail(e);
    } catch (OutOfMemoryError e) {
      fail(new IOException("out of memory; give the agent more", e));
    }
  }

  void fail(Exception cause) {
    end(cause);
  }

  /** The source wants no more of it, or can't be reached. */
  void cancel() {
    synchronized (progress) {
      cancelled |= !over;
    }
    end(null);
  }

  private void end(@Nullable Exception cause) {
    synchronized (progress) {
      if (over) {
        return;
      }
      failure = cause;
      over = true;
      progress.notifyAll();
    }
    parts.gate().end();
    parts.epochs().end();
    feed.end();
    if (comparison != null) {
      comparison.end();
    }
  }

  /** Sends what can be told without waiting. */
  void flush() {
    feed.flush();
  }

  /** Lets go of what it holds; only when nobody works on it any more. */
  void release() {
    if (comparison != null) {
      comparison.close();
    }
  }

  /** Nothing more is to be done; what still comes is let go. */
  void close() {
    end(null);
  }

  /** Whether all names of all files were met, so that those which belong together were told. */
  Retrospect.Groups groups() {
    boolean isWhole = begin.isWhole() && !gaps && !parts.extras().isSourceIncomplete();
    return isWhole ? Retrospect.Groups.COMPLETE : Retrospect.Groups.IN_PART;
  }

  boolean isCancelled() {
    synchronized (progress) {
      return cancelled;
    }
  }

  @Nullable Exception failure() {
    synchronized (progress) {
      return failure;
    }
  }
}
