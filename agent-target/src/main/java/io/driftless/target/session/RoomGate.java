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
  private static final long SOON_NANOS = Duration.ofSeconds(1).toNanos();

  private final Conversation conversation;
  private final Epochs epochs;
  private final long intervalNanos;
  private volatile Optional<String> blocked = Optional.empty();
  private long blockedSinceNanos;
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
      blockedSinceNanos = System.nanoTime();
      conversation.send(new Blocked(reason, lack.missingBytes(), lack.missingInodes()));
    }
    long begun = System.nanoTime();
    long left = pauseNanos(begun - blockedSinceNanos, intervalNanos);
    long deadline = begun + left;
    while (left > 0 && !ended) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
      left = deadline - System.nanoTime();
    }
    if (ended) {
      throw new CancellationException("the pass has ended");
    }
  }

  /** Soon at first, as long again as it has been blocked later on, the usual interval at most. */
  static long pauseNanos(long blockedNanos, long intervalNanos) {
    return Math.min(intervalNanos, Math.max(SOON_NANOS, blockedNanos));
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
