package io.driftless.target.session;

import io.driftless.protocol.message.VolumeMessage.Blocked;
import io.driftless.protocol.message.VolumeMessage.Unblocked;
import io.driftless.protocol.wire.Conversation;
import io.driftless.target.commit.Epochs;
import io.driftless.target.stage.NoRoomException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Where threads wait while the volume has no room. The first one tells the source, the first that
 * gets on again tells it too. Thread-safe.
 */
final class RoomGate {
  private final Conversation conversation;
  private final Epochs epochs;
  private final long intervalNanos;
  private volatile Optional<String> blocked = Optional.empty();
  private boolean ended;

  RoomGate(Conversation conversation, Epochs epochs, Duration interval) {
    this.conversation = conversation;
    this.epochs = epochs;
    this.intervalNanos = interval.toNanos();
  }

  /**
   * Waits until it is worth trying again. What is staged is committed meanwhile.
   *
   * @throws CancellationException if the pass has ended
   */
  synchronized void await(NoRoomException lack) throws InterruptedException {
    epochs.closeSoon();
    if (blocked.isEmpty()) {
      String reason = String.valueOf(lack.getMessage());
      blocked = Optional.of(reason);
      conversation.send(new Blocked(reason, lack.missingBytes(), lack.missingInodes()));
    }
    long deadline = System.nanoTime() + intervalNanos;
    long left = intervalNanos;
    while (left > 0 && !ended) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
      left = deadline - System.nanoTime();
    }
    if (ended) {
      throw new CancellationException("the pass has ended");
    }
  }

  /** Something that had to wait has been staged. */
  void passed() {
    if (blocked.isPresent()) {
      unblock();
    }
  }

  private synchronized void unblock() {
    if (blocked.isPresent()) {
      blocked = Optional.empty();
      conversation.send(new Unblocked());
    }
  }

  Optional<String> blocked() {
    return blocked;
  }

  /** Wakes everybody, for good. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }
}
