package io.driftless.target.stage;

import java.io.IOException;

/** The file system of the volume has no room left; what was begun has been undone. */
public final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1;

  private final long missingBytes;
  private final long missingInodes;

  NoRoomException(String message, long missingBytes, long missingInodes) {
    super(message);
    this.missingBytes = missingBytes;
    this.missingInodes = missingInodes;
  }

  /** How much more is needed for the entry that was turned away, 0 if only a quota knows. */
  public long missingBytes() {
    return missingBytes;
  }

  public long missingInodes() {
    return missingInodes;
  }
}
