package io.driftless.target.agent;

import io.driftless.protocol.message.Message;
import io.driftless.protocol.wire.Conversation;
import io.driftless.protocol.wire.ConversationListener;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.target.session.ReplicaSession;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A conversation about a volume from its first message on: passes on what it hears once the volume
 * is open for it. Thread-safe.
 */
final class OpenConversation implements ConversationListener {
  private final Conversation conversation;
  private final BiConsumer<OpenConversation, SessionEnd> whenEnded;
  private volatile @Nullable ReplicaSession replica;
  private boolean ended;
  private @Nullable SessionEnd end;

  /**
   * A conversation whose volume isn't open yet.
   *
   * @param whenEnded told of its end; must not block
   */
  OpenConversation(Conversation conversation, BiConsumer<OpenConversation, SessionEnd> whenEnded) {
    this.conversation = conversation;
    this.whenEnded = whenEnded;
  }

  /** Returns whether the conversation still stands. */
  synchronized boolean begin(ReplicaSession opened) {
    replica = opened;
    if (ended && end != null) {
      opened.ended(end);
    }
    return !ended;
  }

  @Override
  public void received(Message message) {
    ReplicaSession open = replica;
    if (open == null) {
      throw new IllegalStateException("the source did not wait for the volume to be open");
    }
    open.received(message);
  }

  @Override
  public void ended(SessionEnd reason) {
    ReplicaSession open;
    synchronized (this) {
      ended = true;
      end = reason;
      open = replica;
    }
    if (open != null) {
      open.ended(reason);
    }
    whenEnded.accept(this, reason);
  }

  Conversation conversation() {
    return conversation;
  }

  /** Ends it; what is under way goes on until {@link #fence}. */
  void end(SessionEnd reason) {
    conversation.end(reason);
  }

  /** What is only good for the next pass need not be done any more. */
  void abandon() {
    ReplicaSession open = replica;
    if (open != null) {
      open.abandon();
    }
  }

  /** Waits until nothing of it is under way any more. */
  void fence() throws InterruptedException {
    ReplicaSession open = replica;
    if (open != null) {
      open.fence();
    }
  }

  /** Why its pass can't go on just now. */
  Optional<String> blocked() {
    ReplicaSession open = replica;
    return open == null ? Optional.empty() : open.blocked();
  }
}
