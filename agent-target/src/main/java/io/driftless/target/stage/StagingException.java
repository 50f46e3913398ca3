package io.driftless.target.stage;

import java.io.IOException;

/** The staging area of a volume can't be used; the message says why and what to do. */
public final class StagingException extends IOException {
  private static final long serialVersionUID = 1;

  StagingException(String message) {
    super(message);
  }
}
