package io.driftless.target.commit;

import java.io.IOException;

/** What makes a volume durable: syncfs on a descriptor that is held since the volume was opened. */
public interface DurableStorage {
  /**
   * Makes everything so far durable.
   *
   * @throws IOException if something since the last call may be lost
   */
  void sync() throws IOException;
}
