package io.driftless.source.session;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.message.ComparisonMessage.DifferencesTaken;
import io.driftless.protocol.message.ComparisonMessage.Examined;
import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Contents;
import io.driftless.protocol.message.ContentMessage.Listing;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.ContentMessage.Packing;
import io.driftless.protocol.message.ContentMessage.Segment;
import io.driftless.protocol.message.DeletionMessage.Missing;
import io.driftless.protocol.message.DeltaMessage.RefineSegment;
import io.driftless.protocol.message.DeltaMessage.SegmentDelta;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.message.LinkMessage.LinkGroupsDone;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.CancelPass;
import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.protocol.message.PassMessage.EndOfWalk;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Offers;
import io.driftless.protocol.message.PassMessage.Outcome;
import io.driftless.protocol.message.PassMessage.PassBegun;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.message.PassMessage.Proof;
import io.driftless.protocol.message.PassMessage.SlicesDone;
import io.driftless.protocol.message.PassMessage.Staged;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.PassMessage.Verdicts;
import io.driftless.protocol.message.PassMessage.WalkApplied;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.message.VolumeMessage.OwnerNames;
import io.driftless.protocol.message.VolumeMessage.Room;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.VolumeOpened;
import io.driftless.protocol.message.VolumeMessage.VolumeState;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A target in memory, which checks that the source keeps to the contract: windows, order, records.
 *
 * <p>Control and data arrive on a thread of their own each, so there is no order between them.
 */
final class FakeTarget implements Session, AutoCloseable {
  static final long SEED = 0x5EED;

  private static final int QUEUED_MAX = 8;

  final FakeReplica replica = new FakeReplica(new SeededHash(SEED));
  final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  final AtomicReference<@Nullable SessionEnd> end = new AtomicReference<>();
  final List<String> breaches = new ArrayList<>();
  final List<TreePath> gone = new ArrayList<>();
  final List<OwnerNames> owners = new ArrayList<>();

  Windows windows = new Windows(1024, 64 * 1024, 16 << 20, 64);

  Proof proof = Proof.DIGEST;

  /** Called on the control thread with each message before it is looked at. */
  Consumer<Message> onControl = _ -> {};

  /** Called on the data thread with each part before it is looked at. */
  Consumer<ContentMessage> onContent = _ -> {};

  private final ExecutorService control = Executors.newSingleThreadExecutor(daemons("control"));
  private final ExecutorService data = Executors.newSingleThreadExecutor(daemons("data"));
  private final Semaphore queue = new Semaphore(QUEUED_MAX);
  private @Nullable ConversationListener listener;
  private @Nullable EndOfWalk endOfWalk;
  private boolean applied;

  long streamedOutstanding;
  long streamedPeak;
  long entriesPeak;
  int slicesPeak;

  private static ThreadFactory daemons(String name) {
    return Thread.ofPlatform().daemon().name("fake-" + name).factory();
  }

  @Override
  public Conversation open(OpenVolume opening, ConversationListener to) {
    listener = to;
    endOfWalk = null;
    applied = false;
    replica.begin();
    end.set(null);
    reply(
        new VolumeOpened(
            1,
            VolumeState.REPLICA,
            SEED,
            windows,
            Standing.NEVER_SEEDED,
            new Room(1L << 40, 1L << 30)));
    return new FakeConversation();
  }

  /** Says something to the source, in order with everything else on the control lane. */
  void reply(Message message) {
    control.execute(() -> deliver(message));
  }

  private void deliver(Message message) {
    ConversationListener to = listener;
    if (to == null || end.get() != null) {
      return;
    }
    try {
      to.received(message);
    } catch (RuntimeException e) {
      finish(
          new SessionEnd(
              SessionEnd.Cause.VIOLATION, "protocol", String.valueOf(e.getMessage()), ""));
    }
  }

  /** Ends the conversation, as a broken connection does. */
  void finish(SessionEnd reason) {
    if (end.compareAndSet(null, reason) && listener != null) {
      listener.ended(reason);
      queue.release(QUEUED_MAX);
    }
  }

  private void breach(String what) {
    synchronized (breaches) {
      breaches.add(what);
    }
  }

  private final class FakeConversation implements Conversation {
    @Override
    public void send(Message message) {
      if (end.get() == null) {
        control.execute(() -> guarded(() -> received(message)));
      }
    }

    @Override
    public void sendContent(ContentMessage message, long affinity)
        throws IOException, InterruptedException {
      try {
        queue.acquire();
      } catch (InterruptedException e) {
        bufferOf(message).release();
        throw e;
      }
      if (end.get() != null) {
        bufferOf(message).release();
        throw new IOException("the conversation has ended");
      }
      data.execute(() -> {
        try {
          guarded(() -> received(message));
        } finally {
          bufferOf(message).release();
          queue.release();
        }
      });
    }

    @Override
    public Packed pack(ByteBuf plain) {
      return new Packed(Packing.PLAIN, plain.readableBytes(), 0, plain);
    }

    @Override
    public ByteBuf unpack(Packed packed) {
      throw new UnsupportedOperationException("the source takes no content");
    }

    @Override
    public ByteBufAllocator allocator() {
      return allocator;
    }

    @Override
    public Session session() {
      return FakeTarget.this;
    }

    @Override
    public void end(SessionEnd reason) {
      finish(reason);
    }
  }

  static ByteBuf bufferOf(ContentMessage message) {
    return switch (message) {
      case Listing listing -> listing.records().bytes();
      case Contents contents -> contents.records().bytes();
      case Segment segment -> segment.literals().bytes();
      case SegmentDelta delta -> delta.literals().bytes();
      default -> throw new IllegalArgumentException("no content: " + message);
    };
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      breach(e.toString());
      finish(new SessionEnd(SessionEnd.Cause.PEER, "fake", e.toString(), ""));
    }
  }

  private void received(Message message) {
    onControl.accept(message);
    switch (message) {
      case BeginPass begin -> reply(new PassBegun(begin.number(), proof));
      case Offers offers -> judge(offers);
      case EndOfWalk walked -> {
        endOfWalk = walked;
        advance();
      }
      case LinkGroup group -> {
        replica.link(group);
        reply(new LinkGroupsDone(List.of(group.group())));
      }
      case EndOfLinks _ ->
          reply(new PassResult(Outcome.COMPLETE, replica.counters(), "", "", "", List.of()));
      case CancelPass _ ->
          reply(new PassResult(Outcome.CANCELLED, Counters.NONE, "", "", "", List.of()));
      case OwnerNames names -> owners.add(names);
      case Missing missing -> gone.addAll(missing.paths());
      case Examined _, DifferencesTaken _ -> {}
      case RefineSegment refine -> replica.refine(refine).forEach(this::reply);
      default -> breach("unexpected " + message);
    }
  }

  private void judge(Offers offers) {
    var verdicts = new ArrayList<Verdict>();
    for (Offer offer : offers.offers()) {
      Finding finding = replica.judge(offer);
      verdicts.add(new Verdict(offer.slice(), finding));
    }
    checkWindows();
    reply(new Verdicts(verdicts));
    advance();
  }

  private void received(ContentMessage message) {
    onContent.accept(message);
    switch (message) {
      case Listing listing -> {
        long streamed = replica.listed(listing);
        replica.requests().forEach(this::reply);
        checkWindows();
        streamed(streamed);
      }
      case Contents contents -> {
        replica.contents(contents);
        replica.requests().forEach(this::reply);
      }
      case Segment segment -> replica.segment(segment).forEach(this::reply);
      case SegmentDelta delta -> replica.delta(delta).forEach(this::reply);
      default -> breach("unexpected " + message);
    }
    advance();
  }

  private void streamed(long bytes) {
    if (bytes > 0) {
      reply(new Staged(bytes));
    }
  }

  private void checkWindows() {
    slicesPeak = Math.max(slicesPeak, replica.openSlices());
    entriesPeak = Math.max(entriesPeak, replica.openEntries());
    if (replica.openSlices() > windows.slices()) {
      breach(replica.openSlices() + " slices are open");
    }
    if (replica.openEntries() > windows.entries()) {
      breach(replica.openEntries() + " entries are open");
    }
  }

  private void advance() {
    control.execute(() -> guarded(this::advanceNow));
  }

  private void advanceNow() {
    List<Long> done = replica.takeDone();
    for (int from = 0; from < done.size(); from += SlicesDone.SLICES_MAX) {
      reply(
          new SlicesDone(
              List.copyOf(
                  done.subList(from, Math.min(done.size(), from + SlicesDone.SLICES_MAX)))));
    }
    EndOfWalk walked = endOfWalk;
    if (walked != null && !applied && replica.finishedSlices() == walked.slices()) {
      applied = true;
      reply(new WalkApplied());
    }
  }

  @Override
  public UUID id() {
    return new UUID(1, 2);
  }

  @Override
  public String peerSoftware() {
    return "fake";
  }

  @Override
  public String tlsProvider() {
    return "none";
  }

  @Override
  public double clockSkewSeconds() {
    return 0;
  }

  @Override
  public WireBytes wireBytes() {
    return new WireBytes(0, 0);
  }

  @Override
  public boolean isOpen() {
    return end.get() == null;
  }

  @Override
  public Issued renew(Renew request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SessionEnd awaitEnd() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void end(SessionEnd reason) {
    finish(reason);
  }

  @Override
  public void close() {
    control.shutdownNow();
    data.shutdown();
  }
}
