package io.driftless.protocol.wire;

import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;
import io.driftless.protocol.wire.SessionEnd.Cause;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.concurrent.TimeUnit;

/** The side that dialled: it opens volumes, and replaces connections. */
final class DialledSide implements SessionSide {
  private static final int ATTEMPTS_MAX = 5;

  private final LaneDialer lanes;

  DialledSide(LaneDialer lanes) {
    this.lanes = lanes;
  }

  @Override
  public ConversationListener opening(
      LaneSession session, OpenVolume opening, StreamConversation conversation) {
    throw new CorruptedFrameException("a volume is opened by the side that was dialled");
  }

  @Override
  public void replace(LaneSession session, Lane lane, Connection worn) {
    if (lane.beginReplacing(worn)) {
      attempt(session, lane, 1);
    }
  }

  private void attempt(LaneSession session, Lane lane, int attempt) {
    lanes
        .connect(
            session.id(),
            lane.kind(),
            lane.index(),
            lane.incarnation() + 1,
            welcomed -> {
              SessionEnd ended = session.reason();
              if (ended != null) {
                throw WireException.of(ended);
              }
              LaneDialer.requireSamePeer(session, welcomed);
              welcomed.connection().belongTo(lane);
              lane.handOver(welcomed.connection());
              return lane;
            })
        .whenComplete((_, failure) -> {
          if (failure != null && session.isOpen()) {
            again(session, lane, attempt, failure);
          }
        });
  }

  private void again(LaneSession session, Lane lane, int attempt, Throwable failure) {
    if (attempt == ATTEMPTS_MAX) {
      session.end(
          new SessionEnd(
              Cause.BROKEN,
              "lane-lost",
              "a connection could not be replaced: " + failure.getMessage(),
              ""));
      return;
    }
    long pause = session.transport().settings().pingAfter().toMillis();
    session
        .transport()
        .loops()
        .next()
        .schedule(() -> attempt(session, lane, attempt + 1), pause, TimeUnit.MILLISECONDS);
  }

  @Override
  public void renew(LaneSession session, Renew request) {
    throw new CorruptedFrameException("a source gives no certificates");
  }

  @Override
  public void ended(LaneSession session, SessionEnd reason) {}
}
