package io.driftless.target.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Lets so many passes over trees run on an agent at a time; the others wait in the order of their
 * coming. Passes over changes don't ask, nor do those that change nothing. Thread-safe.
 */
public final class PassTurns {
  public static final int AT_A_TIME = 4;

  private final List<Place> waiting = new ArrayList<>();
  private int most;
  private int running;

  /** Somebody in line. */
  private static final class Place {
    final IntConsumer teller;
    int told;

    Place(IntConsumer teller) {
      this.teller = teller;
    }
  }

  /**
   * Lets so many run.
   *
   * @param most at least 1
   */
  public PassTurns(int most) {
    limitTo(most);
  }

  /** Lets more or fewer run; those that do go on. */
  public final synchronized void limitTo(int atATime) {
    if (atATime < 1) {
      throw new IllegalArgumentException("%d passes at a time".formatted(atATime));
    }
    most = atATime;
    notifyAll();
  }

  /**
   * Waits for a turn, which {@link #done} ends.
   *
   * @param place told the place in line, counted from 1, where there is a wait, and whenever it has
   *     changed; must not block
   * @param isGivenUp looked at after {@link #wake}
   * @return false if it was given up
   */
  boolean await(IntConsumer place, BooleanSupplier isGivenUp) throws InterruptedException {
    var own = new Place(place);
    synchronized (this) {
      waiting.add(own);
    }
    try {
      while (true) {
        int number;
        synchronized (this) {
          if (isGivenUp.getAsBoolean()) {
            return false;
          }
          number = waiting.indexOf(own) + 1;
          if (number == 1 && running < most) {
            running++;
            return true;
          }
          if (number == own.told) {
            wait();
            continue;
          }
          own.told = number;
        }
        own.teller.accept(number);
      }
    } finally {
      synchronized (this) {
        waiting.remove(own);
        notifyAll();
      }
    }
  }

  synchronized void done() {
    running--;
    notifyAll();
  }

  /** Makes those who wait look whether they have given up. */
  synchronized void wake() {
    notifyAll();
  }
}
