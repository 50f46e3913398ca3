package io.driftless.source.report;

import java.io.IOException;

/** The agent's own list of hashes can't be written. */
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1;

  public ManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
