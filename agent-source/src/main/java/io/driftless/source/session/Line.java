package io.driftless.source.session;

import io.driftless.source.scan.Itinerary;

/** Where changes of one volume go out. Confined to one thread, but for {@link #cancel}. */
public interface Line extends AutoCloseable {
  /**
   * Brings changes over; returns when they are durable on the target, or can't be. After any ending
   * but {@link PassEnding.Complete} and {@link PassEnding.Refused} the line is of no use any more.
   *
   * @param pass number of the last pass over everything
   */
  Shipment ship(Itinerary.Changes changes, long pass) throws InterruptedException;

  /** Whether the target, or whatever is between, has ended it. From any thread. */
  boolean hasEnded();

  /** Ends what is under way, and what follows at once. From any thread. */
  void cancel();

  @Override
  void close();

  /** Whether a line could be opened. */
  sealed interface Opening {
    /** Whoever asked closes it. */
    record Opened(Line line) implements Opening {}

    record NotOpened(PassEnding why) implements Opening {}

    /** There is no session with the target. */
    record Unreachable(String why) implements Opening {}
  }
}
