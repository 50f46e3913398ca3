package io.driftless.source.scan;

import io.driftless.protocol.pace.TokenBucket;

/**
 * Waits before entries are looked at, as the pace of the walk has it. Takes some at a time, so that
 * a walk without a limit counts and does nothing else. Confined to one thread.
 */
final class Steps {
  private static final int AT_ONCE = 64;

  private final TokenBucket pace;
  private int left;

  Steps(WalkContext context) {
    this.pace = context.pace();
  }

  /** Waits until one more entry may be looked at. */
  void next() throws InterruptedException {
    if (left == 0) {
      left = pace.take(AT_ONCE);
    }
    left--;
  }
}
