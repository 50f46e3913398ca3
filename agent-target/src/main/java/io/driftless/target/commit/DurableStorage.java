package io.driftless.target.commit;

import java.io.IOException;

/** What makes a volume durable. */
public interface DurableStorage {
  /**
   * Makes everything so far durable.
   *
   * @throws IOException if something since the last call may be lost
   */
  void sync() throws IOException;

  /**
   * Whether changes of metadata become durable in the order in which they were made, so that
   * whatever makes the last one durable does so with all before it.
   */
  default boolean isOrdered() {
    return false;
  }
}
