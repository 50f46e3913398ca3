package io.driftless.protocol.wire;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.ContentMessage.Packed;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.EndOfChain;
import io.driftless.protocol.message.SessionMessage.EndOfLane;
import io.driftless.protocol.message.SessionMessage.LaneKind;
import io.driftless.protocol.wire.Session.WireBytes;
import io.driftless.protocol.wire.codec.FrameHeader;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A numbered lane of a session: one connection at a time, and during a replacement two.
 * Thread-safe.
 *
 * <p>Order is kept across replacements. The sender finishes the old connection with an end mark and
 * goes on with the new one; the receiver holds the new one back until it has that mark. A
 * connection whose marks are through both ways is closed.
 */
final class Lane implements Connection.Owner {
  private final LaneSession session;
  private final LaneKind kind;
  private final int index;
  private final @Nullable PackingChain packing;
  private final UnpackingChain unpacking;

  /** Plain bytes that somebody packs for this lane, or is about to. */
  private final AtomicLong bytesToPack = new AtomicLong();

  private Connection current;
  private int incarnation;
  private @Nullable Connection draining;

  /** What the peer said last on {@link #draining} or, if it was faster than us, on the current. */
  private boolean hasMark;

  private boolean isMarkWritten;
  private boolean isReplacing;
  private @Nullable Connection askedFor;
  private long sentBefore;
  private long receivedBefore;

  Lane(LaneSession session, LaneKind kind, int index, Connection first) {
    this.session = session;
    this.kind = kind;
    this.index = index;
    this.current = first;
    boolean mayChain = kind == LaneKind.DATA && index < PackingChain.LANES_MAX;
    packing = mayChain ? session.transport().packer().openChain() : null;
    unpacking =
        new UnpackingChain(
            mayChain,
            session.unread(),
            session.transport().packer(),
            new Arrivals(),
            session.transport().blocking());
  }

  /** Where what has come goes. */
  private final class Arrivals implements UnpackingChain.Sink {
    @Override
    public void passed(int stream, Message message) {
      session.received(stream, message);
    }

    @Override
    public void broken(Throwable reason) {
      session.broken(Lane.this, reason);
    }
  }

  WirePace.Peer pace() {
    return session.pace();
  }

  LaneKind kind() {
    return kind;
  }

  int index() {
    return index;
  }

  synchronized int incarnation() {
    return incarnation;
  }

  synchronized Connection current() {
    return current;
  }

  /**
   * Queues a message.
   *
   * @return bytes that wait now
   */
  synchronized long send(Message message, int stream) {
    return current.outbox().add(message, stream);
  }

  synchronized void send(ByteBuf head, ByteBuf body, Runnable whenGone) {
    current.outbox().add(head, body, whenGone);
  }

  /**
   * Packs the chained records of a message, and has it queued. Takes them, whatever happens. Never
   * on an event loop: this is work.
   *
   * @param queueing sends the message over this lane; takes its records, whatever happens
   */
  void pack(ContentMessage message, Packed records, Consumer<ContentMessage> queueing) {
    bytesToPack.addAndGet(records.plainBytes());
    try {
      if (packing == null) {
        queueing.accept(message.with(session.transport().packer().packAlone(records)));
        return;
      }
      packing.pack(records, packed -> queueing.accept(message.with(packed)));
    } finally {
      bytesToPack.addAndGet(-records.plainBytes());
    }
  }

  /** How much is to be done before what is sent now is gone, in bytes. */
  long load() {
    return bytesToPack.get() + queuedBytes();
  }

  private synchronized long queuedBytes() {
    return current.outbox().queuedBytes();
  }

  /**
   * Begins to look for another connection.
   *
   * @return false if {@code worn} isn't the current one, or one is being looked for, or the last
   *     replacement isn't over
   */
  synchronized boolean beginReplacing(Connection worn) {
    if (worn != current || isReplacing || draining != null) {
      return false;
    }
    isReplacing = true;
    return true;
  }

  /** Tells whether to ask the peer to replace this connection: once. */
  synchronized boolean beginAsking(Connection worn) {
    if (worn != current || worn == askedFor) {
      return false;
    }
    askedFor = worn;
    return true;
  }

  /** Tells whether a connection with this number may take over now. */
  synchronized boolean mayBecome(int nextIncarnation) {
    return nextIncarnation == incarnation + 1 && draining == null;
  }

  /**
   * Goes on with another connection, which is held until the peer has done so as well. On the event
   * loop of the successor.
   */
  void handOver(Connection successor) {
    synchronized (this) {
      Connection old = current;
      draining = old;
      isReplacing = false;
      isMarkWritten = false;
      incarnation++;
      if (!hasMark) {
        successor.hold();
      }
      current = successor;
      old.outbox().add(new EndOfLane(), 0, this::markWritten);
    }
    retireIfDone();
  }

  private void markWritten() {
    synchronized (this) {
      isMarkWritten = true;
    }
    retireIfDone();
  }

  private void markReceived(Connection from) {
    synchronized (this) {
      boolean isExpected = draining == null ? from == current && isReplacing : from == draining;
      if (!isExpected || hasMark) {
        throw new CorruptedFrameException("an end of lane that nobody asked for");
      }
      hasMark = true;
      if (draining != null) {
        current.resume();
      }
    }
    retireIfDone();
  }

  /** Tells whether nothing more may come on a connection. */
  private synchronized boolean isFinished(Connection from) {
    return hasMark && (from == draining || draining == null && from == current)
        || from != current && from != draining;
  }

  private void retireIfDone() {
    Connection done;
    synchronized (this) {
      done = draining;
      if (done == null || !hasMark || !isMarkWritten) {
        return;
      }
      forgetDraining(done);
    }
    done.close();
  }

  private void forgetDraining(Connection done) {
    WireBytes bytes = done.bytes();
    sentBefore += bytes.sent();
    receivedBefore += bytes.received();
    draining = null;
    hasMark = false;
  }

  @Override
  public void expect(Connection from, FrameHeader header) {
    if (isFinished(from)) {
      throw new CorruptedFrameException(header.type() + " after the end of its lane");
    }
    session.expect(kind, header);
  }

  @Override
  public void received(Connection from, int stream, Message message) {
    if (message instanceof EndOfLane) {
      markReceived(from);
    } else {
      unpacking.take(stream, message);
    }
  }

  @Override
  public void wornOut(Connection connection) {
    session.wornOut(this, connection);
  }

  @Override
  public void lost(Connection connection, Throwable reason) {
    if (!wasDone(connection)) {
      session.broken(this, reason);
    }
  }

  private synchronized boolean wasDone(Connection gone) {
    if (gone == draining && hasMark) {
      forgetDraining(gone); // the peer was first to have both marks
      return true;
    }
    return gone != current && gone != draining;
  }

  synchronized void inspect() {
    current.inspect();
    if (draining != null) {
      draining.inspect();
    }
    if (packing != null) {
      packing.rest(() -> current.outbox().add(new EndOfChain(), 0));
    }
  }

  /** Ciphertext on all connections so far. */
  synchronized WireBytes bytes() {
    WireBytes now = current.bytes();
    WireBytes old = draining == null ? new WireBytes(0, 0) : draining.bytes();
    return new WireBytes(
        sentBefore + now.sent() + old.sent(), receivedBefore + now.received() + old.received());
  }

  /** Says a last word on the current connection, and closes it once that is written. */
  void finish(Message lastWord) {
    Connection last;
    Connection old;
    synchronized (this) {
      last = current;
      old = draining;
      last.outbox().add(lastWord, 0, last::close);
    }
    if (old != null) {
      old.close();
    }
  }

  /** Drops what waits to be sent. */
  synchronized void abandon() {
    current.abandon();
    if (draining != null) {
      draining.abandon();
    }
  }

  /** Closes the connections; what has come and was not passed on yet is dropped. */
  void close() {
    unpacking.close();
    if (packing != null) {
      packing.close();
    }
    Connection last;
    Connection old;
    synchronized (this) {
      last = current;
      old = draining;
    }
    last.close();
    if (old != null) {
      old.close();
    }
  }
}
