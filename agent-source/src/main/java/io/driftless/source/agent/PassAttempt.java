package io.driftless.source.agent;

import io.driftless.protocol.message.PassMessage.Counters;
import io.driftless.source.session.PassProgress;
import io.driftless.source.session.PassReport.Failure;
import io.driftless.source.session.PassReport.Guard;

/**
 * One attempt at a pass over one session; when the session breaks, the next attempt compares again.
 */
public interface PassAttempt {
  /** Runs until the pass has ended one way or another. */
  Ending run() throws InterruptedException;

  /** Makes {@link #run} end soon. From any thread; idempotent. */
  void cancel();

  /** How far it has come. From any thread. */
  PassProgress progress();

  /** How an attempt ended. */
  sealed interface Ending {
    /** Everything that could be carried is durable. */
    record Complete(Counters counters) implements Ending {}

    record Cancelled(Counters counters) implements Ending {}

    record Refused(Guard guard) implements Ending {}

    /** Trying again can't help. */
    record Failed(Failure failure) implements Ending {}

    /**
     * The connection broke: what was acknowledged stays, and another attempt goes on from there.
     */
    record Broken(Failure failure) implements Ending {}
  }
}
