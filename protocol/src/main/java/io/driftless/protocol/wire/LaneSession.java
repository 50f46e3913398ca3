package io.driftless.protocol.wire;

import static java.util.Objects.requireNonNull;

import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.NotIssued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.Allowance;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.message.SessionMessage.Ping;
import io.driftless.protocol.message.SessionMessage.Pong;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.message.SessionMessage.ReplaceLane;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.driftless.protocol.wire.codec.Batches;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.driftless.protocol.wire.codec.MessageCodec;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session over its lanes, on either side. Thread-safe. */
final class LaneSession implements AgentSession {
  private static final Logger LOG = LoggerFactory.getLogger(LaneSession.class);
  private static final int CONVERSATIONS_MAX = 1024;
  private static final long LAST_WORD_MILLIS = 1000;
  private static final int TICKS_PER_PING = 5;

  /** Who is at the other end, and how it introduced itself. */
  record Introduction(
      UUID session, PeerIdentity peer, String software, String tlsProvider, double skewSeconds) {}

  private final Transport transport;
  private final Introduction introduction;
  private final SessionSide side;
  private final Lane control;
  private final DataLanes dataLanes;
  private final UnreadBytes unread = new UnreadBytes();
  private final Map<Integer, StreamConversation> conversations = new ConcurrentHashMap<>();
  private final AtomicInteger lastStream = new AtomicInteger();
  private final ReentrantLock opener = new ReentrantLock();
  private final AtomicReference<@Nullable SessionEnd> end = new AtomicReference<>();
  private final AtomicReference<@Nullable CompletableFuture<Issued>> renewal =
      new AtomicReference<>();
  private final CompletableFuture<SessionEnd> settled = new CompletableFuture<>();
  private final WirePace.Peer pace;
  private final Heartbeat heartbeat;
  private final ScheduledFuture<?> pulse;

  LaneSession(
      Transport transport, Introduction introduction, SessionSide side, Connection control) {
    this.transport = transport;
    this.introduction = introduction;
    this.side = side;
    dataLanes = new DataLanes(transport);
    this.control = new Lane(this, LaneKind.CONTROL, 0, control);
    pace = transport.pace().open(limit -> sendOnControl(Allowance.of(limit), 0));
    heartbeat = new Heartbeat(transport.settings(), transport.nanoTime().getAsLong());
    long tick = Math.max(1, transport.settings().pingAfter().toMillis() / TICKS_PER_PING);
    pulse =
        transport
            .loops()
            .next()
            .scheduleWithFixedDelay(this::beat, tick, tick, TimeUnit.MILLISECONDS);
  }

  /** Takes over the control connection, on its event loop, before anything else arrives. */
  void begin() {
    control.current().belongTo(control);
  }

  /** The peer knows that the session is open, and may be told more. */
  void greet() {
    pace.greet();
  }

  /** Adds a data lane, on the event loop of its connection, before anything else arrives. */
  Lane addLane(int index, Connection connection) {
    var lane = new Lane(this, LaneKind.DATA, index, connection);
    connection.belongTo(lane);
    dataLanes.add(lane);
    if (!isOpen()) {
      lane.close();
    }
    return lane;
  }

  @Nullable Lane findLane(LaneKind kind, int index) {
    if (kind == LaneKind.CONTROL) {
      return control;
    }
    return dataLanes.find(index);
  }

  /** The control lane and the data lanes. */
  List<Lane> lanes() {
    var lanes = new ArrayList<Lane>();
    dataLanes.forEach(lanes::add);
    lanes.add(control);
    return lanes;
  }

  Transport transport() {
    return transport;
  }

  WirePace.Peer pace() {
    return pace;
  }

  @Override
  public UUID id() {
    return introduction.session();
  }

  @Override
  public PeerIdentity peer() {
    return introduction.peer();
  }

  @Override
  public String peerSoftware() {
    return introduction.software();
  }

  @Override
  public String tlsProvider() {
    return transport.tls().provider() + "/" + introduction.tlsProvider();
  }

  @Override
  public double clockSkewSeconds() {
    return introduction.skewSeconds();
  }

  @Override
  public WireBytes wireBytes() {
    WireBytes sum = control.bytes();
    for (Lane lane : dataLanes) {
      WireBytes bytes = lane.bytes();
      sum = new WireBytes(sum.sent() + bytes.sent(), sum.received() + bytes.received());
    }
    return sum;
  }

  @Override
  public boolean isOpen() {
    return end.get() == null;
  }

  @Override
  public Conversation open(OpenVolume opening, ConversationListener listener) throws IOException {
    StreamConversation conversation = openInOrder(opening, listener);
    SessionEnd ended = end.get();
    if (ended != null) {
      forget(conversation);
      throw WireException.of(ended);
    }
    return conversation;
  }

  /** Numbers must arrive in their order, so whoever draws one sends it before the next is drawn. */
  private StreamConversation openInOrder(OpenVolume opening, ConversationListener listener)
      throws IOException {
    opener.lock();
    try {
      int stream = lastStream.incrementAndGet();
      if (stream > FrameHeader.STREAM_MAX) {
        throw new IOException("the session has opened all its streams; connect again");
      }
      var conversation = new StreamConversation(this, stream);
      conversation.listen(listener);
      conversations.put(stream, conversation);
      try {
        control.send(opening, stream);
      } catch (IllegalArgumentException e) {
        forget(conversation);
        throw new IOException("volume %s: %s".formatted(opening.volume(), e.getMessage()), e);
      }
      return conversation;
    } finally {
      opener.unlock();
    }
  }

  void forget(StreamConversation conversation) {
    conversations.remove(conversation.stream(), conversation);
  }

  void sendOnControl(Message message, int stream) {
    if (!isOpen()) {
      return;
    }
    long queued = 0;
    for (Message part : Batches.fitting(message)) {
      queued = control.send(part, stream);
    }
    if (queued > transport.settings().controlQueueBytesMax()) {
      end(
          new SessionEnd(
              Cause.BROKEN,
              "peer-too-slow",
              "%d bytes wait for %s, which doesn't read them".formatted(queued, peer().name()),
              "look at the load of its host"));
    }
  }

  /** Where content goes. */
  DataLanes dataLanes() {
    return dataLanes;
  }

  /** Room for what is unpacked as it arrives. */
  UnreadBytes unread() {
    return unread;
  }

  /** Decides about a frame before anything is allocated for it. */
  void expect(LaneKind kind, FrameHeader header) {
    boolean isAllowed =
        switch (header.type()) {
          case HELLO, WELCOME, CHALLENGE, ENROL -> false;
          default ->
              kind == LaneKind.CONTROL
                  ? header.type().mayTravelOnControl()
                  : header.type().mayTravelOnData();
        };
    if (!isAllowed) {
      throw new CorruptedFrameException("%s on a %s lane".formatted(header.type(), kind));
    }
  }

  void received(int stream, Message message) {
    if (stream == 0) {
      receivedOfSession(message);
    } else if (message instanceof OpenVolume opening) {
      opened(stream, opening);
    } else {
      conversation(stream, message);
    }
  }

  private void conversation(int stream, Message message) {
    StreamConversation conversation = conversations.get(stream);
    if (conversation != null) {
      conversation.received(message);
      return;
    }
    MessageCodec.release(message);
    if (stream > lastStream.get()) {
      throw new CorruptedFrameException(
          "a message on stream %d, which isn't open".formatted(stream));
    }
  }

  private void opened(int stream, OpenVolume opening) {
    if (stream <= lastStream.get() || conversations.size() >= CONVERSATIONS_MAX) {
      throw new CorruptedFrameException("a volume is opened on stream " + stream);
    }
    var conversation = new StreamConversation(this, stream);
    lastStream.set(stream);
    conversations.put(stream, conversation);
    conversation.listen(side.opening(this, opening, conversation));
    SessionEnd ended = end.get();
    if (ended != null) {
      conversation.finish(ended);
    }
  }

  private void receivedOfSession(Message message) {
    switch (message) {
      case Ping(long number) -> sendOnControl(new Pong(number), 0);
      case Pong _ -> {}
      case Allowance allowance -> pace.grants(allowance.limit());
      case ReplaceLane(var kind, int index, int incarnation) -> {
        Lane lane = findLane(kind, index);
        if (lane != null && lane.incarnation() == incarnation) {
          side.replace(this, lane, lane.current());
        }
      }
      case Refused(var slug, var text, var hint) ->
          finish(new SessionEnd(Cause.PEER, slug, text, hint));
      case Renew request -> side.renew(this, request);
      case Issued issued -> takeRenewal().complete(issued);
      case NotIssued(var slug, var text, var hint) ->
          takeRenewal()
              .completeExceptionally(
                  new WireException(slug, text, hint, WireException.Retry.POINTLESS));
      default -> throw new CorruptedFrameException("a %s now".formatted(message.getClass()));
    }
  }

  private CompletableFuture<Issued> takeRenewal() {
    CompletableFuture<Issued> asked = renewal.getAndSet(null);
    if (asked == null) {
      throw new CorruptedFrameException("a certificate that nobody asked for");
    }
    return asked;
  }

  @Override
  public Issued renew(Renew request) throws IOException, InterruptedException {
    transport.requireOffLoop();
    var asked = new CompletableFuture<Issued>();
    if (!renewal.compareAndSet(null, asked)) {
      throw new IOException("a renewal is under way already");
    }
    sendOnControl(request, 0);
    SessionEnd ended = end.get();
    if (ended != null) {
      throw WireException.of(ended);
    }
    try {
      return Waiting.on(asked, transport.settings().silenceMax(), "the new certificate");
    } finally {
      renewal.compareAndSet(asked, null);
    }
  }

  void wornOut(Lane lane, Connection connection) {
    if (isOpen()) {
      side.replace(this, lane, connection);
    }
  }

  void broken(Lane lane, Throwable reason) {
    if (!isOpen()) {
      return;
    }
    if (reason instanceof Connection.HungUp && lane.kind() == LaneKind.DATA) {
      // The control lane may bring a last word yet, which says more.
      transport
          .loops()
          .next()
          .schedule(() -> broken(reason), LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    broken(reason);
  }

  private void broken(Throwable reason) {
    SessionEnd why = Failures.endOf(reason, peer().name().text());
    if (why.cause() == Cause.VIOLATION) {
      LOG.warn("{} broke the protocol", peer().name(), reason);
    }
    end(why);
  }

  private void beat() {
    try {
      long now = transport.nanoTime().getAsLong();
      switch (heartbeat.judge(now, control.current().receivedNanos())) {
        case QUIET_ENOUGH -> {}
        case PING -> sendOnControl(new Ping(now), 0);
        case DEAD ->
            end(
                new SessionEnd(
                    Cause.BROKEN,
                    "peer-silent",
                    "%s has said nothing for %d s"
                        .formatted(peer().name(), transport.settings().silenceMax().toSeconds()),
                    ""));
      }
      pace.carried(wireBytes());
      control.inspect();
      dataLanes.forEach(Lane::inspect);
    } catch (RuntimeException e) {
      LOG.error("the pulse of a session failed", e);
    }
  }

  /**
   * Finds out whether the peer is alive, within a time.
   *
   * @return done with true as soon as a frame comes, else with false
   */
  CompletableFuture<Boolean> probe() {
    var alive = new CompletableFuture<Boolean>();
    long asked = transport.nanoTime().getAsLong();
    sendOnControl(new Ping(asked), 0);
    await(alive, asked, asked + transport.settings().cloneProbe().toNanos());
    return alive;
  }

  private void await(CompletableFuture<Boolean> alive, long asked, long until) {
    if (!isOpen()) {
      alive.complete(false);
    } else if (control.current().receivedNanos() - asked > 0) {
      alive.complete(true);
    } else if (transport.nanoTime().getAsLong() - until > 0) {
      alive.complete(false);
    } else {
      transport
          .loops()
          .next()
          .schedule(() -> await(alive, asked, until), 20, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void end(SessionEnd reason) {
    finish(reason);
  }

  private void finish(SessionEnd reason) {
    if (!end.compareAndSet(null, reason)) {
      return;
    }
    pulse.cancel(false);
    pace.close();
    if (reason.cause() == Cause.PEER) {
      closeLanes();
    } else {
      sayLastWord(reason);
    }
    CompletableFuture<Issued> asked = renewal.getAndSet(null);
    if (asked != null) {
      asked.completeExceptionally(WireException.of(reason));
    }
    tellConversations(reason);
    transport.budget().wake();
  }

  /** The peer closes when it has heard; data lanes that went before would hide what was said. */
  private void sayLastWord(SessionEnd reason) {
    dataLanes.forEach(Lane::abandon);
    control.finish(new Refused(reason.slug(), reason.message(), reason.hint()));
    transport.loops().next().schedule(this::closeLanes, LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tellConversations(SessionEnd reason) {
    var told = new ArrayList<CompletableFuture<SessionEnd>>();
    for (StreamConversation conversation : List.copyOf(conversations.values())) {
      try {
        conversation.finish(reason);
      } catch (RuntimeException e) {
        LOG.error("a listener failed as its session ended", e);
      }
      told.add(conversation.told().toCompletableFuture());
    }
    CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
        .whenComplete((_, _) -> {
          side.ended(this, reason);
          settled.complete(reason);
        });
  }

  private void closeLanes() {
    control.close();
    dataLanes.forEach(Lane::close);
  }

  /** Why it has ended, if it has. */
  @Nullable SessionEnd reason() {
    return end.get();
  }

  /** Done when all conversations have heard of the end. */
  CompletableFuture<SessionEnd> settled() {
    return settled;
  }

  @Override
  public SessionEnd awaitEnd() throws InterruptedException {
    transport.requireOffLoop();
    try {
      return settled.get();
    } catch (ExecutionException e) {
      return requireNonNull(end.get(), "it has ended");
    }
  }

  @Override
  public void close() {
    end(new SessionEnd(Cause.CLOSED_HERE, "closed", "the session was closed", ""));
  }

  @Override
  public String toString() {
    return "session %s with %s".formatted(id(), peer().name());
  }
}
