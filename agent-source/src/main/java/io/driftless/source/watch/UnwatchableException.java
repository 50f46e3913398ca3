package io.driftless.source.watch;

/** A volume can't be watched this way, or not any more; the message says why, for people. */
final class UnwatchableException extends Exception {
  private static final long serialVersionUID = 1;

  UnwatchableException(String reason) {
    super(reason);
  }

  UnwatchableException(String reason, Throwable cause) {
    super(reason, cause);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
