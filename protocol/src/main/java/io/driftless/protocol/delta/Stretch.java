package io.driftless.protocol.delta;

/** What follows the bytes in a buffer. */
public enum Stretch {
  /** The bytes after them will come with the next buffer. */
  GOES_ON,
  /** A hole, or the end of what was asked for, or of the file. */
  ENDS
}
