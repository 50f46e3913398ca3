package io.driftless.target.session;

import java.io.IOException;

/** The version that a delta builds on can't be relied on any more. */
final class BasisLostException extends IOException {
  private static final long serialVersionUID = 1;

  BasisLostException(String message) {
    super(message);
  }

  BasisLostException(IOException cause) {
    super(cause);
  }
}
