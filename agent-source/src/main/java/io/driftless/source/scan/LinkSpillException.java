package io.driftless.source.scan;

import java.io.IOException;

/** Our own scratch directory failed, not the volume and not the connection. */
public final class LinkSpillException extends IOException {
  private static final long serialVersionUID = 1;

  LinkSpillException(String message, Throwable cause) {
    super(message, cause);
  }
}
