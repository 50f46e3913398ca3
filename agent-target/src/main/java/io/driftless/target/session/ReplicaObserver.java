package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.PassResult;

/** Hears of the passes of a replica, on its threads. */
public interface ReplicaObserver {
  void passBegan(BeginPass pass);

  void problems(long more);

  /** Called before the result is sent. */
  void passEnded(BeginPass pass, PassResult result);
}
