package io.driftless.protocol.wire;

import io.driftless.protocol.identity.PeerIdentity.Standing;
import io.driftless.protocol.message.EnrolmentMessage.NotIssued;
import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.Message;
import io.driftless.protocol.message.SessionMessage.Refused;
import io.driftless.protocol.message.SessionMessage.ReplaceLane;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The side that was dialled: it is asked for volumes and certificates. */
final class AcceptedSide implements SessionSide {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptedSide.class);

  private final SessionListener listener;
  private final EnrolmentDesk desk;
  private final LiveSessions sessions;
  private final Standing standing;
  private final AtomicBoolean isRenewing = new AtomicBoolean();

  AcceptedSide(
      SessionListener listener, EnrolmentDesk desk, LiveSessions sessions, Standing standing) {
    this.listener = listener;
    this.desk = desk;
    this.sessions = sessions;
    this.standing = standing;
  }

  @Override
  public ConversationListener opening(
      LaneSession session, OpenVolume opening, StreamConversation conversation) {
    if (standing == Standing.VALID) {
      return listener.opening(session, opening, conversation);
    }
    Refused why = Refusals.renewalOnly();
    conversation.end(new SessionEnd(Cause.CLOSED_HERE, why.slug(), why.message(), why.hint()));
    return new ConversationListener() {
      @Override
      public void received(Message message) {}

      @Override
      public void ended(SessionEnd reason) {}
    };
  }

  @Override
  public void replace(LaneSession session, Lane lane, Connection worn) {
    if (lane.beginAsking(worn)) {
      session.sendOnControl(new ReplaceLane(lane.kind(), lane.index(), lane.incarnation()), 0);
    }
  }

  @Override
  public void renew(LaneSession session, Renew request) {
    if (!isRenewing.compareAndSet(false, true)) {
      throw new CorruptedFrameException("two renewals at a time");
    }
    session
        .transport()
        .blocking()
        .execute(() -> {
          Message answer = answer(session, request);
          isRenewing.set(false);
          session.sendOnControl(answer, 0);
        });
  }

  private Message answer(LaneSession session, Renew request) {
    try {
      return desk.renew(session.peer(), request);
    } catch (IOException e) {
      LOG.warn("no new certificate for {}: {}", session.peer().name(), e.getMessage());
      Refused why = Refusals.of(e);
      return new NotIssued(why.slug(), why.message(), why.hint());
    } catch (RuntimeException e) {
      LOG.error("no new certificate for {}", session.peer().name(), e);
      Refused why = Refusals.of(new IOException(e));
      return new NotIssued(why.slug(), why.message(), why.hint());
    }
  }

  @Override
  public void ended(LaneSession session, SessionEnd reason) {
    sessions.remove(session);
    listener.ended(session, reason);
  }
}
