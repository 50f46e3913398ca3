package io.driftless.protocol.wire;

import io.driftless.protocol.message.EnrolmentMessage.Renew;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;

/** What the two sides of a session do differently. Called on event loops. */
interface SessionSide {
  /**
   * The peer opens a volume.
   *
   * @throws io.netty.handler.codec.CorruptedFrameException if it may not do that on this side
   */
  ConversationListener opening(
      LaneSession session, OpenVolume opening, StreamConversation conversation);

  /** A connection should be replaced. May be repeated. */
  void replace(LaneSession session, Lane lane, Connection worn);

  /** The peer asks for a certificate. */
  void renew(LaneSession session, Renew request);

  /** The session has ended, and its conversations have heard of it. */
  void ended(LaneSession session, SessionEnd reason);
}
