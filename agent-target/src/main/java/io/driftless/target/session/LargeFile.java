package io.driftless.target.session;

import io.driftless.protocol.delta.DeltaException;
import io.driftless.protocol.delta.Question.Refined;
import io.driftless.protocol.delta.Range;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Part;
import io.driftless.protocol.message.ContentMessage.Reading;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.ContentMessage.WantSegment;
import io.driftless.protocol.message.DeltaMessage.CompareSegment;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.RefinedSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.session.DeltaTransfer.Exchange;
import io.driftless.target.signature.SignatureDraft;
import io.driftless.target.stage.Draft;
import io.driftless.target.stage.NoRoomException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A large file on its way: asked for segment by segment, in rounds, until a whole round saw one
 * version of it. Belongs to the mailbox of its slice.
 */
final class LargeFile implements ContentRequests.Asker {
  private static final int SEGMENT = ContentMessage.SEGMENT_BYTES_MAX;

  /** Several are signed, compared and copied at a time, and stay in the caches of a processor. */
  private static final int DELTA_SEGMENT = 4 * SEGMENT;

  /** What a segment led to. */
  enum Step {
    GOING_ON,
    /** A round has ended in which the file held still. */
    STABLE,
    /** A round has ended, and the file changed in it. */
    CHANGED,
    /** The last round has ended, and the file never held still. */
    BUSY,
    /** The source could not read all of it. */
    INCOMPLETE,
    VANISHED,
    UNREADABLE,
    /** It was abandoned, and every question has been answered by now. */
    GIVEN_UP
  }

  final TreePath path;
  final int index;
  private final Slice slice;
  private final PassParts pass;
  private final @Nullable Predecessor predecessor;
  private volatile @Nullable DeltaTransfer delta;
  private volatile long heldBytes;
  private volatile Round round;
  private long told; // guarded by the lock of the requests
  private boolean toldDelta; // as well
  private boolean discarding;
  private boolean abandoned;
  private boolean mismatched;
  private long matchedBytes;
  private int failuresBefore;
  private @Nullable Draft draft;
  private SignatureDraft signature;

  /**
   * A file that nothing was asked of yet.
   *
   * @param predecessor what can be built on, if anything can
   */
  LargeFile(
      TreePath path,
      int index,
      Entry entry,
      Slice slice,
      PassParts pass,
      @Nullable Predecessor predecessor) {
    this.path = path;
    this.index = index;
    this.round = Round.first(entry);
    this.slice = slice;
    this.pass = pass;
    this.predecessor = predecessor;
    this.delta = transfer();
    // A file that never changes is not worth remembering.
    this.signature =
        delta == null
            ? SignatureDraft.none()
            : pass.signatures().draft(path, entry.metadata().sizeBytes());
  }

  /** What is known of the new version; the caller's from now on. */
  SignatureDraft takeSignature() {
    SignatureDraft taken = signature;
    signature = SignatureDraft.none();
    return taken;
  }

  private @Nullable DeltaTransfer transfer() {
    return predecessor != null && DeltaTransfer.isFor(predecessor.seen(), round.sizeBytes)
        ? new DeltaTransfer(path, predecessor, round.sizeBytes, pass)
        : null;
  }

  Entry entry() {
    return round.entry;
  }

  /** Bytes of the first round that were there already. */
  long matchedBytes() {
    return matchedBytes;
  }

  /** Starts over with a later version of the entry, from what has come of the one before. */
  void beginRound(Entry fresh) throws IOException {
    dropDelta();
    round = round.next(fresh);
    signature.restart(round.sizeBytes);
    mismatched = false;
    if (requireDraft().isInPlace()) {
      requireDraft().close();
      draft = null;
      matchedBytes = 0;
      delta = transfer();
    } else {
      requireDraft().beginRound();
      heldBytes = requireDraft().heldBytes();
    }
    pass.requests().queue(this);
  }

  @Override
  public long cost() {
    DeltaTransfer transfer = delta;
    long offset = round.nextOffset();
    long left = Math.max(1, round.sizeBytes - offset);
    toldDelta = transfer != null && isAhead(transfer, offset);
    told = toldDelta ? Math.clamp(left, SEGMENT, DELTA_SEGMENT) : Math.min(SEGMENT, left);
    return told;
  }

  @Override
  public void ask() {
    long cost = told;
    boolean asDelta = toldDelta;
    slice.mailbox.post(() -> pass.guard(() -> askNext(cost, asDelta)));
  }

  /** What an attempt that broke off has left is not built anew. */
  private boolean isAhead(DeltaTransfer transfer, long offset) {
    return offset >= heldBytes && transfer.expects(offset);
  }

  private void askNext(long cost, boolean asDelta) throws IOException, InterruptedException {
    if (!round.hasMore()) { // a hole has brought us to the end meanwhile
      pass.requests().answered(cost);
      return;
    }
    long offset = round.nextOffset();
    withRoom(this::begin);
    DeltaTransfer transfer = delta;
    if (asDelta && transfer != null && isAhead(transfer, offset)) {
      askDelta(transfer, cost);
      return;
    }
    int length = (int) Math.min(SEGMENT, round.sizeBytes - offset);
    List<Long> basis =
        requireDraft().blockHashes(offset, length, pass.hash(), pass.reader(), pass.memory());
    round.asked(length, cost);
    pass.conversation().send(new WantSegment(slice.number, index, offset, length, basis));
    if (round.hasMore()) {
      pass.requests().queue(this);
    }
  }

  private void askDelta(DeltaTransfer transfer, long cost)
      throws IOException, InterruptedException {
    long offset = round.nextOffset();
    long length = Math.min(DELTA_SEGMENT, round.sizeBytes - offset);
    Exchange exchange;
    try {
      exchange = transfer.begin(new Range(offset, length));
    } catch (BasisLostException e) {
      discard(pass.tally().basesLost);
      pass.requests().answered(cost);
      return;
    }
    round.asked(length, cost);
    slice.mailbox.beside(() ->
        pass.guard(() -> {
          exchange.sign();
          slice.mailbox.post(() -> pass.guard(() -> ask(transfer, exchange)));
        }));
    // The first segment is waited for: where its content is tells where that of the next is.
    if (transfer.isSteady() && round.hasMore()) {
      pass.requests().queue(this);
    }
  }

  private void ask(DeltaTransfer transfer, Exchange signed)
      throws IOException, InterruptedException {
    pass.conversation().send(new CompareSegment(slice.number, index, transfer.ask(signed)));
    if (transfer.isLost() && !abandoned) {
      discard(pass.tally().basesLost);
    }
  }

  /** Gives up what was built on the basis; once every answer is there, it comes whole. */
  private void discard(LongAdder incidents) throws IOException {
    if (!discarding) {
      discarding = true;
      incidents.increment();
      if (predecessor != null) {
        pass.signatures().forget(predecessor.path());
      }
      round.askNoMore();
    }
    startOverIfAnswered();
  }

  private void startOverIfAnswered() throws IOException {
    if (!round.isAllAnswered()) {
      return;
    }
    discarding = false;
    dropDelta();
    requireDraft().clear();
    heldBytes = 0;
    matchedBytes = 0;
    mismatched = false;
    round = round.again();
    signature.restart(round.sizeBytes);
    pass.requests().queue(this);
  }

  private void dropDelta() {
    DeltaTransfer transfer = delta;
    delta = null;
    if (transfer != null) {
      matchedBytes += transfer.matchedBytes();
      transfer.close();
    }
  }

  /** Decides what is built, when something is first to be written. */
  private void begin() throws IOException, InterruptedException {
    if (draft != null) {
      return;
    }
    failuresBefore = pass.epochs().failures();
    draft = openDraft();
    heldBytes = draft.heldBytes();
    pass.parts().add(draft.name());
  }

  private Draft openDraft() throws IOException, InterruptedException {
    DeltaTransfer transfer = delta;
    if (transfer != null) {
      try {
        return transfer.isOfAnotherName() ? Draft.part(site()) : Draft.of(site(), transfer.basis());
      } catch (BasisLostException e) {
        pass.tally().basesLost.increment();
        dropDelta();
      }
    }
    return Draft.part(site());
  }

  private Draft.Site site() {
    return new Draft.Site(
        pass.area(), path, pass.hash(), round.entry.metadata().flags(), pass.room());
  }

  /** Tells whether the disk failed since the draft was opened: some of it may be lost. */
  boolean isDoubtful() {
    return pass.epochs().failures() != failuresBefore;
  }

  /** What has been built so far. */
  Draft requireDraft() {
    if (draft == null) {
      throw new IllegalStateException("nothing has been staged of " + path);
    }
    return draft;
  }

  /** Removes what has been built so far. */
  void discardDraft() throws IOException {
    if (draft != null) {
      draft.remove();
    }
  }

  /** Starts over without the basis, which turned out to be another when all had come. */
  void loseBasis() throws IOException {
    discard(pass.tally().basesLost);
  }

  /** Takes in a segment; {@code literals} stays the caller's. */
  Step received(Segment segment, ByteBuf literals) throws IOException, InterruptedException {
    DeltaTransfer transfer = delta;
    if (transfer != null && transfer.isOpen(segment.offset())) {
      throw new ProtocolViolation("%s was asked for as a delta".formatted(path));
    }
    Integer cost = round.answered(segment.offset());
    if (cost == null) {
      throw new ProtocolViolation("a segment of %s that nobody asked for".formatted(path));
    }
    try {
      if (abandoned) {
        return round.isAllAnswered() ? Step.GIVEN_UP : Step.GOING_ON;
      }
      if (discarding) {
        startOverIfAnswered();
        return Step.GOING_ON;
      }
      if (segment.reading() != Reading.OK) {
        return segment.reading() == Reading.VANISHED ? Step.VANISHED : Step.UNREADABLE;
      }
      apply(segment, literals);
    } finally {
      pass.requests().answered(cost);
    }
    return goOn();
  }

  private Step goOn() throws IOException, InterruptedException {
    return round.isOver() ? endOfRound() : Step.GOING_ON;
  }

  /** Answers what the source has to know for a delta. */
  void refine(RefineSegment refine) throws IOException, InterruptedException {
    DeltaTransfer transfer = requireDelta(refine.offset());
    Refined answer = transfer.refine(refine.offset(), refine.question());
    pass.conversation().send(new RefinedSegment(slice.number, index, refine.offset(), answer));
    if (transfer.isLost() && !abandoned) {
      discard(pass.tally().basesLost);
    }
  }

  private DeltaTransfer requireDelta(long offset) {
    DeltaTransfer transfer = delta;
    if (transfer == null || !transfer.isAsked(offset)) {
      throw new ProtocolViolation("a delta of %s that nobody asked for".formatted(path));
    }
    return transfer;
  }

  /** Takes in a part of a delta; {@code literals} stays the caller's. */
  Step received(SegmentDelta message, ByteBuf literals) throws IOException, InterruptedException {
    long offset = message.offset();
    DeltaTransfer transfer = requireDelta(offset);
    boolean isWanted = !abandoned && !discarding;
    if (isWanted && message.reading() == Reading.OK) {
      apply(transfer, message, literals);
    }
    if (message.reading() == Reading.OK && message.part() == Part.MORE_FOLLOW) {
      return Step.GOING_ON;
    }
    boolean first = !transfer.isSteady();
    transfer.end(offset);
    Integer cost = round.answered(offset);
    pass.requests().answered(cost == null ? 0 : cost);
    if (abandoned) {
      return round.isAllAnswered() ? Step.GIVEN_UP : Step.GOING_ON;
    }
    if (discarding) {
      startOverIfAnswered();
      return Step.GOING_ON;
    }
    if (message.reading() != Reading.OK) {
      return message.reading() == Reading.VANISHED ? Step.VANISHED : Step.UNREADABLE;
    }
    judge(transfer, message);
    if (first && round.hasMore()) {
      pass.requests().queue(this);
    }
    return goOn();
  }

  private void apply(DeltaTransfer transfer, SegmentDelta message, ByteBuf literals)
      throws IOException, InterruptedException {
    try {
      transfer
          .apply(message, literals, requireDraft(), work -> withRoom(work::run))
          .ifPresent(signature::add);
    } catch (DeltaException.Mismatch e) {
      // Of a file that was written to meanwhile, the next round asks again for what came out wrong.
      if (round.isOf(message.version())) {
        discard(pass.tally().deltaMismatches);
      }
      mismatched = true;
    } catch (BasisLostException e) {
      discard(pass.tally().basesLost);
    }
  }

  private void judge(DeltaTransfer transfer, SegmentDelta message)
      throws IOException, InterruptedException {
    long end = message.delta().covered().end();
    long due = Math.min(round.sizeBytes, message.offset() + DELTA_SEGMENT);
    round.judge(message.version(), message.fileBytes(), end, due);
    long resume = round.resumeAfter(message.dataOffset());
    long from = round.nextOffset();
    if (end == due && resume > from) {
      withRoom(() -> requireDraft().hole(from, resume - from));
      round.skipTo(resume);
      transfer.skipped(resume - from);
    }
  }

  private void apply(Segment segment, ByteBuf literals) throws IOException, InterruptedException {
    long due = Math.min(round.sizeBytes, segment.offset() + SEGMENT);
    var runs = new SegmentRuns(path, segment, literals);
    runs.write(requireDraft(), due, round.sizeBytes, work -> withRoom(work::run));
    if (round.isFirst()) {
      matchedBytes += runs.matchedBytes();
    }
    round.judge(segment.version(), segment.fileBytes(), runs.end(), due);
    round.skipTo(round.resumeAfter(runs.end()));
  }

  private void withRoom(PassParts.Work work) throws IOException, InterruptedException {
    while (true) {
      try {
        work.run();
        pass.gate().passed();
        return;
      } catch (NoRoomException e) {
        pass.gate().await(e);
      }
    }
  }

  private Step endOfRound() throws IOException, InterruptedException {
    DeltaTransfer transfer = delta;
    if (transfer != null && !transfer.isSound()) {
      discard(pass.tally().basesLost);
      return Step.GOING_ON;
    }
    if (mismatched && requireDraft().isInPlace()) { // later rounds mend only what is all there
      round.missed();
      withRoom(requireDraft()::leavePlace);
    }
    dropDelta();
    return round.ending();
  }

  /**
   * Asks no more.
   *
   * @return whether nothing that was asked is still to be answered
   */
  boolean abandon() {
    abandoned = true;
    round.askNoMore();
    return round.isAllAnswered();
  }

  void close() {
    dropDelta();
    takeSignature().close();
    if (draft != null) {
      draft.close();
      draft = null;
    }
  }
}
