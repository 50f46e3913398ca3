package io.driftless.target.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.ThisProcess;
import io.driftless.protocol.listing.ContentReader;
import io.driftless.protocol.message.PassMessage.Acknowledged;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Compare;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.PassMessage.Excluded;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassBegun;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.WalkApplied;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.target.commit.CommitListener;
import io.driftless.target.commit.Committer;
import io.driftless.target.commit.Departures;
import io.driftless.target.commit.DurableStorage;
import io.driftless.target.commit.Epochs;
import io.driftless.target.commit.Replacement;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.Glances;
import io.driftless.target.compare.Owners;
import io.driftless.target.compare.SliceComparer;
import io.driftless.target.signature.SignatureBook;
import io.driftless.target.stage.EntryStager;
import io.driftless.target.stage.MetadataWriter;
import io.driftless.target.stage.NoRoomException;
import io.driftless.target.stage.Room;
import io.driftless.target.stage.StagingArea;
import io.driftless.target.stage.StagingException;
import io.driftless.target.witness.Retrospect;
import io.driftless.target.witness.WitnessBook;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass from its beginning to its result, with the threads that work on it. Run by the thread of
 * the replica; all other threads have ended when it is over.
 */
final class PassRun implements CommitListener {
  private static final Logger LOG = LoggerFactory.getLogger(PassRun.class);
  static final int POISONED_EPOCHS_MAX = 3;

  private static final Duration PART_AGE_MAX = Duration.ofDays(7);

  private final BeginPass begin;
  private final Volume volume;
  private final Conversation conversation;
  private final ReplicaObserver observer;
  private final WitnessBook witnesses;
  private final SignatureBook signatures;
  private final Replies replies;
  private final PassParts parts;
  private final Workers workers;
  private final Committer committer;
  private final Thread committing;
  private final Pass pass;
  private boolean poisoned;
  private long endedMillis;
  private DeletionGuard.@Nullable Refusal refusal;

  /**
   * What outlives a pass.
   *
   * @param poisonedEpochs since the last good pass
   */
  record Volume(
      ReplicaOptions options,
      ConfinedRoot root,
      DurableStorage storage,
      Departures departures,
      Owners owners,
      SeededHash hash,
      WitnessBook witnesses,
      SignatureBook signatures,
      PoisonStore poison,
      AtomicInteger poisonedEpochs) {}

  PassRun(BeginPass begin, Volume volume, Conversation conversation, ReplicaObserver observer)
      throws IOException {
    this.begin = begin;
    this.volume = volume;
    this.conversation = conversation;
    this.observer = observer;
    this.witnesses =
        !begin.effect().isNone()
                && begin.compare() == Compare.METADATA
                && isTree()
                && begin.excluded() == Excluded.PROTECTED
            ? volume.witnesses()
            : WitnessBook.none();
    boolean readsAll = begin.effect().isNone() || begin.compare() != Compare.METADATA;
    this.signatures = readsAll ? SignatureBook.none() : volume.signatures();
    this.replies = new Replies(conversation, observer::problems, witnesses::problem);
    ReplicaOptions options = volume.options();
    this.workers = new Workers(options.name(), options.workers(), this::flush);
    this.parts = parts(options);
    this.pass = new Pass(parts, workers, options, begin, observer);
    this.committer = committer();
    this.committing = Thread.ofPlatform().name(options.name() + "-commit").unstarted(committer);
  }

  private void flush() {
    pass().flush();
    replies.flush();
  }

  private PassParts parts(ReplicaOptions options) throws IOException {
    int uid = ThisProcess.effectiveUid();
    int gid = ThisProcess.effectiveGid();
    ConfinedRoot root = volume.root();
    var room = new Room(root.fd());
    var epochs = new Epochs(options.epochs());
    var writer = new MetadataWriter(uid, gid, room, replies);
    var requests = new ContentRequests(options.askedBytesMax());
    boolean isProtected = begin.excluded() == Excluded.PROTECTED;
    var exclusions = new OwnExclusions(isProtected ? options.exclusions() : Exclusions.NONE, root);
    var comparer = new SliceComparer(root, volume.hash(), volume.owners(), exclusions);
    return new PassParts(
        root,
        new StagingArea(root, uid, gid),
        room,
        new RoomGate(conversation, epochs, options.roomInterval()),
        epochs,
        new EntryStager(writer, room),
        writer,
        comparer,
        new Glances(comparer, volume.hash(), exclusions),
        witnesses,
        signatures,
        volume.owners(),
        exclusions,
        volume.hash(),
        conversation,
        replies,
        new Slices(options.windows(), workers, conversation, requests),
        requests,
        new Tally(),
        new Extras(Extras.BYTES_MAX),
        new SharedInodes(),
        ConcurrentHashMap.newKeySet(),
        new Poison(volume.poison().poisoned()),
        new Relocations(volume.poison()),
        options.clock(),
        new ContentReader(isTree() ? options.disk().behind() : options.disk()),
        work -> pass().guard(work));
  }

  private Committer committer() {
    var replacement =
        new Replacement(
            parts.comparer(),
            parts.exclusions(),
            replies,
            DeletionGuard.replaceable(volume.options(), begin));
    return new Committer(
        parts.root(),
        parts.area(),
        parts.epochs(),
        storage(),
        parts.writer(),
        replacement,
        volume.departures(),
        replies,
        this);
  }

  /** A pass over a tree flushes everything in the end; for a few changes that is too much. */
  private DurableStorage storage() {
    return isTree() ? volume.storage()::sync : volume.storage();
  }

  private boolean isTree() {
    return begin.course() == Course.TREE;
  }

  Pass pass() {
    return pass;
  }

  Optional<String> blocked() {
    return parts.gate().blocked();
  }

  Tally tally() {
    return parts.tally();
  }

  /** Works until the pass is over. */
  PassResult run() throws InterruptedException {
    PassResult result;
    try {
      workers.start();
      if (begin.effect().isNone()) {
        conversation.send(begun());
        compareOnly();
      } else {
        parts.area().recover();
        committing.start();
        conversation.send(begun());
        carryOut();
      }
      stop();
      result = finished();
    } catch (IOException | CancellationException e) {
      stop();
      result = broken(e);
    } finally {
      stop();
      parts.area().close();
    }
    replies.flush();
    return result;
  }

  private PassBegun begun() {
    return new PassBegun(begin.number(), witnesses.isOpen() ? Proof.RECORD : Proof.DIGEST);
  }

  /** As {@link #carryOut}, and nothing on the target changes. */
  private void compareOnly() throws IOException, InterruptedException {
    pass.awaitWalk();
    replies.flush();
    pass.beginLinks();
    conversation.send(new WalkApplied());
    pass.awaitLinks();
    refusal = pass.deleteExtras(false).orElse(null);
  }

  private void carryOut() throws IOException, InterruptedException {
    pass.awaitWalk();
    settle("its directory could not be made");
    replies.flush();
    pass.beginLinks();
    conversation.send(new WalkApplied());
    pass.awaitLinks();
    settle("its directory is gone");
    refusal = pass.deleteExtras(poisoned).orElse(null);
    if (refusal == null && !poisoned) {
      pass.separate();
      parts.epochs().flush();
    }
  }

  /** Has everything that was staged brought into place, or dropped for this reason. */
  private void settle(String reason) throws IOException, InterruptedException {
    parts.epochs().flush();
    if (committer.isAnyWaiting()) {
      parts.epochs().flushAgain(); // directories are renamed outside of epochs
    }
    for (TreePath lost : committer.dropWaiting()) {
      replies.add(lost, Problem.DIRECTORY_MISSING, reason);
    }
  }

  /** Ends all threads; idempotent. */
  private void stop() throws InterruptedException {
    pass.close();
    workers.end();
    if (committing.getState() != Thread.State.NEW) {
      committing.join();
    }
    parts.slices().abandonFiles();
    pass.release();
  }

  private PassResult finished() throws IOException {
    Exception failure = pass.failure();
    if (failure != null || pass.isCancelled()) {
      return broken(failure);
    }
    if (begin.effect().isNone()) {
      return outcome();
    }
    if (begin.isWhole()) {
      parts.area().dropParts(volume.options().clock().instant().minus(PART_AGE_MAX), parts.parts());
    }
    makeRestDurable();
    endedMillis = volume.options().clock().millis();
    if (begin.isWhole() && !poisoned) {
      parts.relocations().proven();
    }
    reportDiscardedDeltas();
    if (!poisoned) {
      volume.poisonedEpochs().set(0);
      volume.poison().healed(healed());
    }
    if (refusal == null
        && begin.isWhole()
        && parts.slices().hasAny()
        && !parts.extras().isAnyUnseen()
        && parts.extras().left() == 0
        && !poisoned) {
      boolean isSeed = observer.population().isEmpty();
      long made = isSeed ? 0 : parts.tally().newEntries.sum();
      observer.sawAll(parts.slices().population());
      observer.recentLosses().passed(made, System.nanoTime());
    }
    return outcome();
  }

  private void makeRestDurable() throws IOException {
    boolean isAll = isTree() || poisoned;
    if (!isAll && pass.hasChangedBetweenEpochs()) {
      committer.syncMetadata();
    }
    parts.area().removeIfEmpty();
    if (isAll) {
      volume.storage().sync();
    }
  }

  /** Entries of unknown content that this pass has brought over, or found gone. */
  private List<TreePath> healed() {
    return switch (begin.course()) {
      case TREE ->
          parts.poison().entries().stream()
              .filter(entry -> entry.startsWith(begin.below()))
              .toList();
      case CHANGES -> List.of();
    };
  }

  private PassResult outcome() {
    return refusal != null
        ? refused(refusal)
        : new PassResult(Outcome.COMPLETE, parts.tally().counters(), "", "", "", List.of());
  }

  /**
   * Takes note of what the volume has now, if the pass went well. Reads all that was applied again,
   * so it is done when the source has its result.
   *
   * @param isEnough asked now and then; ends it
   */
  void lookBack(PassResult result, BooleanSupplier isEnough) throws InterruptedException {
    boolean isGood = result.outcome() == Outcome.COMPLETE && !poisoned;
    try {
      if (isGood) {
        signatures.lookBack(volume.root(), parts.comparer());
      }
    } finally {
      signatures.endPass();
    }
    if (isGood && witnesses.isOpen()) {
      new Retrospect(witnesses, volume.root(), parts.comparer(), parts.exclusions(), parts.clock())
          .run(endedMillis, pass.groups(), isEnough);
      if (begin.isWhole()) {
        witnesses.passEnded(parts.slices().seen());
      }
    }
    witnesses.endPass();
  }

  private PassResult refused(DeletionGuard.Refusal by) {
    return new PassResult(
        Outcome.REFUSED,
        parts.tally().counters(),
        by.slug(),
        by.message(),
        by.hint(),
        parts.extras().examples(PassResult.EXAMPLES_MAX));
  }

  private void reportDiscardedDeltas() {
    long changed = parts.tally().basesLost.sum();
    if (changed > 0) {
      replies.notice(
          "basis-changed",
          "%d files changed on the target while they were brought up to date; they were transferred whole"
              .formatted(changed));
    }
    long mismatched = parts.tally().deltaMismatches.sum();
    if (mismatched > 0) {
      replies.notice(
          "delta-mismatch",
          "%d files did not come out as the source has them and were transferred whole; if the source did not write to them, check the memory of both hosts"
              .formatted(mismatched));
    }
  }

  private PassResult broken(@Nullable Exception waiting) {
    Exception failure = pass.failure() != null ? pass.failure() : waiting;
    if (!begin.effect().isNone() && !(failure instanceof StagingException)) {
      dropStaged();
    }
    var counters = parts.tally().counters();
    if (pass.isCancelled() || failure == null) {
      return PassResult.cancelled(counters);
    }
    String message = String.valueOf(failure.getMessage());
    LOG.error("pass {} of {} failed", begin.number(), volume.options().name(), failure);
    return new PassResult(
        Outcome.FAILED, counters, slugOf(failure), message, hintOf(failure), List.of());
  }

  /** What is not committed goes; parts of large files stay for the next attempt. */
  private void dropStaged() {
    try {
      parts.area().recover();
      parts.area().removeIfEmpty();
    } catch (IOException e) {
      replies.add(TreePath.ROOT, "staging-left", String.valueOf(e.getMessage()));
    }
  }

  private String slugOf(Exception failure) {
    if (volume.poisonedEpochs().get() >= POISONED_EPOCHS_MAX) {
      return "storage-failed";
    }
    return switch (failure) {
      case StagingException _ -> "staging-unusable";
      case LinuxException e when e.errno() == Errno.EROFS -> "read-only";
      case LinuxException e when e.errno() == Errno.EIO -> "storage-failed";
      case ProtocolViolation _ -> "protocol-violation";
      default -> "target-failed";
    };
  }

  private static String hintOf(Exception failure) {
    return switch (failure) {
      case LinuxException e when e.errno() == Errno.EROFS ->
          "mount the volume's file system for writing, then run the pass again";
      case LinuxException e when e.errno() == Errno.EIO ->
          "look at the kernel's log on the target: its disk fails";
      default -> "look at the target's log, then run the pass again";
    };
  }

  // What becomes of epochs

  @Override
  public void durable(long epoch, long entries, long bytes) {
    conversation.send(new Acknowledged(epoch, entries, bytes));
  }

  @Override
  public void poisoned(long epoch, List<TreePath> entries, IOException failure) {
    poisoned = true;
    for (TreePath entry : entries) {
      replies.add(entry, Problem.STORAGE_ERROR, Replies.STORAGE_ERROR);
    }
    try {
      volume.poison().poison(entries);
    } catch (IOException e) {
      failure.addSuppressed(e);
      pass.fail(failure);
      return;
    }
    if (volume.poisonedEpochs().incrementAndGet() >= POISONED_EPOCHS_MAX) {
      pass.fail(failure);
    }
  }

  @Override
  public void placed(TreePath path, FileStatus status) {
    signatures.placed(path, status);
  }

  @Override
  public void removed(long entries) {
    parts.tally().deleted.add(entries);
  }

  @Override
  public void awaitRoom(NoRoomException lack) throws InterruptedException {
    parts.gate().await(lack);
  }

  @Override
  public void roomFound() {
    parts.gate().passed();
  }

  @Override
  public NoRoomException lackOf(LinuxException refusal) {
    return parts.room().refused(refusal, 0);
  }

  @Override
  public void failed(Exception failure) {
    pass.fail(failure);
  }
}
