package io.driftless.protocol.delta;

import java.io.IOException;

/** A delta that can't be applied. Nothing of its segment may be committed. */
public abstract sealed class DeltaException extends IOException {
  private static final long serialVersionUID = 1;

  private DeltaException(String message) {
    super(message);
  }

  /** The peer broke a rule: it lies, or speaks another protocol. */
  public static final class Illegal extends DeltaException {
    private static final long serialVersionUID = 1;

    Illegal(String message) {
      super(message);
    }
  }

  /**
   * What was put together is not what the source has: hashes that collided, or a file that changed.
   * Transferred whole, it will come right.
   */
  public static final class Mismatch extends DeltaException {
    private static final long serialVersionUID = 1;

    Mismatch(String message) {
      super(message);
    }
  }
}
