package io.driftless.target.session;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/**
 * How much a file that vanished looks like an earlier version of one that is new, by names and
 * sizes alone. Only a guess of what a delta may build on: a wrong one costs the reading of it.
 */
final class Likeness {
  private static final int SIZES_FACTOR = 4;
  private static final double NAMES_SHARE = 0.5;
  private static final double SIZES_APART_MAX = 1.0 / 16;

  private Likeness() {}

  /** Greater is liker; 0 if there is none. */
  static double of(TreePath fresh, long freshBytes, TreePath old, long oldBytes) {
    double apart = Math.abs(freshBytes - oldBytes) / (double) Math.max(freshBytes, oldBytes);
    if (apart > 1 - 1.0 / SIZES_FACTOR) {
      return 0;
    }
    double shared = shared(fresh.name(), old.name());
    if (shared >= NAMES_SHARE) {
      return 1 + shared - apart / SIZES_FACTOR;
    }
    return apart <= SIZES_APART_MAX ? 1 - apart : 0;
  }

  /** How much of the longer name both have at their ends. */
  private static double shared(Name one, Name other) {
    byte[] a = one.toBytes();
    byte[] b = other.toBytes();
    int least = Math.min(a.length, b.length);
    int front = 0;
    while (front < least && a[front] == b[front]) {
      front++;
    }
    int back = 0;
    while (back < least - front && a[a.length - 1 - back] == b[b.length - 1 - back]) {
      back++;
    }
    return (front + back) / (double) Math.max(a.length, b.length);
  }
}
