package io.driftless.trial;

import io.driftless.protocol.message.ContentMessage;
import io.driftless.protocol.message.EnrolmentMessage.Issued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Course;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.Session;
import io.driftless.protocol.wire.SessionEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds back everything that targets say, message by message, until something has been done. Order
 * is kept.
 */
final class HeldAnswers implements AutoCloseable {
  /** Does something before a message is heard. Called by one thread, which may wait. */
  @FunctionalInterface
  interface Meanwhile {
    /**
     * A message has come.
     *
     * @param course of the pass that it belongs to; null before one has begun
     */
    void before(Message message, @Nullable Course course) throws IOException, InterruptedException;
  }

  private final Meanwhile meanwhile;
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("held").factory());

  HeldAnswers(Meanwhile meanwhile) {
    this.meanwhile = meanwhile;
  }

  /** What the source took for a breach of the protocol, or what could not be done meanwhile. */
  List<Throwable> failures() {
    return failures;
  }

  Session of(Session session) {
    return new HeldSession(session);
  }

  @Override
  public void close() throws InterruptedException {
    thread.shutdownNow();
    if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
      throw new AssertionError("what is done meanwhile does not end");
    }
  }

  private final class HeldSession implements Session {
    private final Session session;

    HeldSession(Session session) {
      this.session = session;
    }

    @Override
    public Conversation open(OpenVolume opening, ConversationListener listener) throws IOException {
      var late = new Late(session, listener);
      return new Heard(session.open(opening, late), this, late);
    }

    @Override
    public UUID id() {
      return session.id();
    }

    @Override
    public String peerSoftware() {
      return session.peerSoftware();
    }

    @Override
    public String tlsProvider() {
      return session.tlsProvider();
    }

    @Override
    public double clockSkewSeconds() {
      return session.clockSkewSeconds();
    }

    @Override
    public WireBytes wireBytes() {
      return session.wireBytes();
    }

    @Override
    public boolean isOpen() {
      return session.isOpen();
    }

    @Override
    public SessionEnd awaitEnd() throws InterruptedException {
      return session.awaitEnd();
    }

    @Override
    public Issued renew(Renew request) throws IOException, InterruptedException {
      return session.renew(request);
    }

    @Override
    public void end(SessionEnd reason) {
      session.end(reason);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  /** Hears everything later than it was said. */
  private final class Late implements ConversationListener {
    private final Session session;
    private final ConversationListener listener;
    private volatile @Nullable Course course;

    Late(Session session, ConversationListener listener) {
      this.session = session;
      this.listener = listener;
    }

    @Override
    public void received(Message message) {
      thread.execute(() -> {
        try {
          meanwhile.before(message, course);
          listener.received(message);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | AssertionError e) {
          failures.add(e);
          session.end(
              new SessionEnd(SessionEnd.Cause.VIOLATION, "protocol", String.valueOf(e), ""));
        }
      });
    }

    @Override
    public void ended(SessionEnd reason) {
      thread.execute(() -> listener.ended(reason));
    }
  }

  /** A conversation of a session that is held. */
  private record Heard(Conversation conversation, Session session, Late late)
      implements Conversation {
    @Override
    public void send(Message message) {
      if (message instanceof BeginPass begin) {
        late.course = begin.course();
      }
      conversation.send(message);
    }

    @Override
    public void sendContent(ContentMessage message, long affinity)
        throws IOException, InterruptedException {
      conversation.sendContent(message, affinity);
    }

    @Override
    public ContentMessage.Packed pack(ByteBuf plain) {
      return conversation.pack(plain);
    }

    @Override
    public ByteBuf unpack(ContentMessage.Packed packed) {
      return conversation.unpack(packed);
    }

    @Override
    public ByteBufAllocator allocator() {
      return conversation.allocator();
    }

    @Override
    public void end(SessionEnd reason) {
      conversation.end(reason);
    }
  }
}
