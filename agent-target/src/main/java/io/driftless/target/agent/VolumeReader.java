package io.driftless.target.agent;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.PassResult;
import io.driftless.protocol.wire.SessionEnd;
import io.driftless.target.session.Population;
import io.driftless.target.session.ReplicaObserver;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one conversation that looks at a volume beside the one that may write to it. Leaves no trace
 * in the ledger, nor in what is shown of the volume. Thread-safe.
 */
final class VolumeReader {
  private static final SessionEnd REPLACED =
      new SessionEnd(SessionEnd.Cause.CLOSED_HERE, "fenced", "a newer verification took over", "");

  /** Held while one is opened or ended; such work waits for disks. */
  private final ReentrantLock turnstile = new ReentrantLock();

  private @Nullable OpenConversation current;
  private @Nullable SessionEnd closed;

  /** Opens the volume for a conversation, and says so. */
  @FunctionalInterface
  interface Opening {
    /** Returns whether the conversation still stands. */
    boolean open() throws Refusal, IOException;
  }

  /** Opens it for another conversation, when the one before has ended. */
  void open(OpenConversation next, Opening opening)
      throws Refusal, IOException, InterruptedException {
    turnstile.lockInterruptibly();
    try {
      if (closed != null) {
        throw new Refusal(closed.slug(), closed.message(), closed.hint());
      }
      endCurrent(REPLACED);
      if (opening.open()) {
        current = next;
      } else {
        next.fence();
      }
    } finally {
      turnstile.unlock();
    }
  }

  /** Ends the conversation, if there is one; nothing of it is under way when this returns. */
  void end(SessionEnd reason) throws InterruptedException {
    turnstile.lockInterruptibly();
    try {
      endCurrent(reason);
    } finally {
      turnstile.unlock();
    }
  }

  /** As {@link #end}, for good. */
  void close(SessionEnd reason) throws InterruptedException {
    turnstile.lockInterruptibly();
    try {
      closed = reason;
      endCurrent(reason);
    } finally {
      turnstile.unlock();
    }
  }

  private void endCurrent(SessionEnd reason) throws InterruptedException {
    OpenConversation before = current;
    if (before != null) {
      before.end(reason);
      before.fence();
      current = null;
    }
  }

  /**
   * Hears of passes that change nothing.
   *
   * @param wroteBefore when the agent had last written before whatever it writes now
   */
  record Observer(Supplier<Optional<Instant>> wroteBefore) implements ReplicaObserver {
    @Override
    public void passBegan(BeginPass pass) {}

    @Override
    public void problems(long more) {}

    @Override
    public void sawAll(Population population) {
      throw new IllegalStateException("a pass that only reads has brought everything over");
    }

    @Override
    public void passEnded(BeginPass pass, PassResult result) {}

    @Override
    public Optional<Instant> lastWrote() {
      return wroteBefore.get();
    }
  }
}
