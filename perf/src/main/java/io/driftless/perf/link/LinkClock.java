package io.driftless.perf.link;

/**
 * When what is sent in one direction of a link leaves its queue and arrives. It knows no clock but
 * the times it is told, which don't go back. Not thread-safe.
 */
final class LinkClock {
  private final LinkSpeed speed;
  private boolean isUsed;

  /** When all that was sent so far is on the wire. */
  private long freeAtNanos;

  LinkClock(LinkSpeed speed) {
    this.speed = speed;
  }

  /** How long to wait until the queue has room for so many bytes; 0 if it has. */
  long nanosUntilRoom(long nowNanos, int bytes) {
    if (!isUsed) {
      return 0;
    }
    long queuedNanos = Math.max(0, freeAtNanos - nowNanos);
    // An empty queue takes anything, or what is larger than the queue would never go.
    return Math.clamp(queuedNanos + speed.nanosFor(bytes) - speed.queueNanos(), 0, queuedNanos);
  }

  /** Puts bytes into the queue; returns when the last of them arrives. */
  long send(long nowNanos, int bytes) {
    long begin = isUsed ? Math.max(freeAtNanos, nowNanos) : nowNanos;
    isUsed = true;
    freeAtNanos = begin + speed.nanosFor(bytes);
    return freeAtNanos + speed.delayNanos();
  }
}
