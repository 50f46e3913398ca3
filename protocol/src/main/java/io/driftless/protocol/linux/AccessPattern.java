package io.driftless.protocol.linux;

/** How a file is going to be read: advice to the page cache. */
public enum AccessPattern {
  NORMAL(0),
  RANDOM(1),
  SEQUENTIAL(2),
  WILL_NEED(3),
  /** What is cached of it may go, if it is clean. */
  DONT_NEED(4),
  READ_ONCE(5);

  final int number;

  AccessPattern(int number) {
    this.number = number;
  }
}
