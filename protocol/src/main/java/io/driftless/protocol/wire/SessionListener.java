package io.driftless.protocol.wire;

import io.driftless.protocol.identity.PeerIdentity;
import io.driftless.protocol.message.VolumeMessage.OpenVolume;

/**
 * Hears of the sessions that a target accepts. Called on event loops, so it must never block; of
 * one session one call at a time.
 */
public interface SessionListener {
  /** A session stands; nothing has been asked of it yet. */
  default void opened(AgentSession session) {}

  /**
   * The peer opens a volume. Whether it may is for the callee to find out; to refuse, it ends the
   * conversation, now or later.
   *
   * @return who hears what comes next; is asked before anything does
   */
  ConversationListener opening(AgentSession session, OpenVolume opening, Conversation conversation);

  /**
   * Another process with the identity of a connected agent wanted a session, and was sent away.
   *
   * @param address where it came from, for people
   */
  default void cloned(PeerIdentity peer, String address) {}

  /** A session has ended, and all its conversations have heard of it. */
  default void ended(AgentSession session, SessionEnd reason) {}
}
