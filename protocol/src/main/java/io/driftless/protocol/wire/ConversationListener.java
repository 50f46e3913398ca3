package io.driftless.protocol.wire;

import io.driftless.protocol.message.Message;

/** Hears what the peer says about one volume. Called on event loops too, so it must never block. */
public interface ConversationListener {
  /**
   * A message has arrived. Messages of the control lane come in order, one at a time; those of data
   * lanes come from several threads at once. The listener owns the buffer of a content message. An
   * exception ends the session as a violation of the protocol by the peer.
   */
  void received(Message message);

  /** The conversation has ended; nothing is received afterwards. Called once. */
  void ended(SessionEnd reason);
}
