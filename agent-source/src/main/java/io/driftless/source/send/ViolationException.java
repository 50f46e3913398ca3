package io.driftless.source.send;

/** The target said something that the protocol does not allow at this point. */
public final class ViolationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ViolationException(String message) {
    super(message);
  }
}
