package io.driftless.source.send;

import io.driftless.protocol.message.PassMessage.Finding;
import org.jspecify.annotations.Nullable;

/**
 * A directory on the way down, and whether the target is known to have it. What lies below an
 * absent one is absent too, so it need not be offered. Thread-safe.
 */
public final class Branch {
  private enum Presence {
    UNKNOWN,
    PRESENT,
    ABSENT,
    PARKED
  }

  private final @Nullable Branch above;
  private volatile Presence presence = Presence.UNKNOWN;

  public Branch(@Nullable Branch above) {
    this.above = above;
  }

  /** Tells whether the walk begins here. */
  public boolean isStart() {
    return above == null;
  }

  /** Tells whether the target is known to lack it. */
  public boolean isAbsent() {
    for (Branch at = this; at != null; at = at.above) {
      switch (at.presence) {
        case ABSENT -> {
          return true;
        }
        case PRESENT -> {
          return false;
        }
        case UNKNOWN, PARKED -> {}
      }
    }
    return false;
  }

  /** Tells whether the target has left it for later, with all that lies below. */
  public boolean isParked() {
    for (Branch at = this; at != null; at = at.above) {
      switch (at.presence) {
        case PARKED -> {
          return true;
        }
        case PRESENT, ABSENT -> {
          return false;
        }
        case UNKNOWN -> {}
      }
    }
    return false;
  }

  /** Tells whether the target has left one above it for later. */
  boolean isBelowParked() {
    return above != null && above.isParked();
  }

  /**
   * What lies above when the same directory is visited again. It is as the target finds it now,
   * even if it found one above absent: that one was empty when it was asked about, and since then
   * this one may have got its place in it by a rename.
   */
  public Branch revisited(Finding finding) {
    var again = new Branch(above);
    again.found(finding);
    return again;
  }

  /** Waits until the target has said whether it has this very directory. */
  public synchronized void awaitVerdict() throws InterruptedException {
    while (presence == Presence.UNKNOWN) {
      wait();
    }
  }

  synchronized void found(Finding finding) {
    presence =
        switch (finding) {
          case EQUAL, DIFFERS -> Presence.PRESENT;
          case ABSENT -> Presence.ABSENT;
          case LATER -> Presence.PARKED;
        };
    notifyAll();
  }
}
