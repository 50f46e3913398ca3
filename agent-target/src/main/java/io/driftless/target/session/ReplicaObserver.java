package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.PassResult;
import java.time.Instant;
import java.util.Optional;

/** Hears of the passes of a replica, on its threads. */
public interface ReplicaObserver {
  void passBegan(BeginPass pass);

  void problems(long more);

  /**
   * A good pass has seen all of the source's root and everything on the target: what is there came
   * from this source. Comes before {@link #passEnded}.
   */
  void sawAll(Population population);

  /** Called before the result is sent. */
  void passEnded(BeginPass pass, PassResult result);

  /** No pass has come for a while, or none will come any more. */
  default void rested() {}

  /** How much there was when the source last showed everything; empty where that is not known. */
  default Optional<Population> population() {
    return Optional.empty();
  }

  /** What passes over changes have deleted lately. */
  default RecentLosses recentLosses() {
    return new RecentLosses();
  }

  /** When the agent last wrote to the volume; empty where that is not known for sure. */
  default Optional<Instant> lastWrote() {
    return Optional.empty();
  }
}
