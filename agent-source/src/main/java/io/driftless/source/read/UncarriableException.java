package io.driftless.source.read;

/** The metadata of an entry can't be carried, whoever reads it and however often. */
public final class UncarriableException extends Exception {
  private static final long serialVersionUID = 1;

  /** The reason of what belongs to another mount, which is no fault. */
  public static final String MOUNT_POINT = "mount-point";

  private final String reason;

  UncarriableException(String reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** Short and stable. */
  public String reason() {
    return reason;
  }
}
