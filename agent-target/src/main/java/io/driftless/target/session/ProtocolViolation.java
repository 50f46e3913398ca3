package io.driftless.target.session;

/** The peer said what it must not say here. */
final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1;

  ProtocolViolation(String message) {
    super(message);
  }
}
