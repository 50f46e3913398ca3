package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.PassResult;

/** Hears of the passes of a replica, on its threads. */
public interface ReplicaObserver {
  void passBegan(BeginPass pass);

  void problems(long more);

  /** Called before the result is sent. */
  /**
   * A good pass has seen all of the source's root and everything on the target: what is there came
   * from this source. Comes before {@link #passEnded}.
   */
  void sawAll();

  void passEnded(BeginPass pass, PassResult result);
}
