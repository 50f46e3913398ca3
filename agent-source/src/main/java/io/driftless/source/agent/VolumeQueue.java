package io.driftless.source.agent;

import io.driftless.source.session.PassRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes of one volume in the order in which they were asked for. Thread-safe.
 *
 * <p>A request that finds an equal one waiting shares it: that pass begins after both were made.
 * One that finds a pass running waits for the next, since what changed before the request may have
 * been walked already.
 */
final class VolumeQueue {
  static final int WAITING_MAX = 16;
  private static final int ENDED_KEPT = 16;
  private static final long WAIT_MILLIS_MAX = 3_600_000;

  private final Deque<PassTicket> waiting = new ArrayDeque<>();
  private final Deque<PassTicket> ended = new ArrayDeque<>();
  private @Nullable PassTicket running;

  /**
   * Finds the pass that serves a request, or queues a new one.
   *
   * @param tickets makes a ticket for a new pass
   * @throws IllegalStateException if too many wait
   */
  synchronized PassTicket request(PassRequest request, Function<PassRequest, PassTicket> tickets) {
    PassTicket ticket = waitingOrNew(request, tickets);
    ticket.personWaits();
    return ticket;
  }

  /** As {@link #request}, where the agent itself wants the pass. */
  synchronized void requestUnasked(PassRequest request, Function<PassRequest, PassTicket> tickets) {
    waitingOrNew(request, tickets);
  }

  private PassTicket waitingOrNew(PassRequest request, Function<PassRequest, PassTicket> tickets) {
    for (PassTicket ticket : waiting) {
      if (ticket.request().equals(request) && !ticket.isCancelled()) {
        return ticket;
      }
    }
    if (waiting.size() >= WAITING_MAX) {
      throw new IllegalStateException(
          "%d passes wait already; cancel some first".formatted(waiting.size()));
    }
    PassTicket ticket = tickets.apply(request);
    waiting.add(ticket);
    notifyAll();
    return ticket;
  }

  /**
   * Waits for the next pass and makes it the running one.
   *
   * @param patience nanoseconds to wait at the most, asked again after {@link #wake}
   * @return null if there is none in time
   */
  synchronized @Nullable PassTicket take(LongSupplier patience) throws InterruptedException {
    while (waiting.isEmpty()) {
      long nanos = patience.getAsLong();
      if (nanos <= 0) {
        return null;
      }
      wait(Math.min(WAIT_MILLIS_MAX, nanos / 1_000_000), (int) (nanos % 1_000_000));
    }
    PassTicket next = waiting.remove();
    running = next;
    return next;
  }

  /** Has whoever waits ask again how long. */
  synchronized void wake() {
    notifyAll();
  }

  /** The running pass has ended. */
  synchronized void finished() {
    if (running != null) {
      ended.addFirst(running);
      running = null;
    }
    while (ended.size() > ENDED_KEPT) {
      ended.removeLast();
    }
  }

  synchronized Optional<PassTicket> running() {
    return Optional.ofNullable(running);
  }

  synchronized Optional<PassTicket> firstWaiting() {
    return Optional.ofNullable(waiting.peek());
  }

  synchronized Optional<PassTicket> find(long pass) {
    if (running != null && running.pass() == pass) {
      return Optional.of(running);
    }
    for (Deque<PassTicket> tickets : List.of(waiting, ended)) {
      for (PassTicket ticket : tickets) {
        if (ticket.pass() == pass) {
          return Optional.of(ticket);
        }
      }
    }
    return Optional.empty();
  }

  /** Cancels what nobody asked for but the agent itself. */
  synchronized void cancelUnlessAskedFor() {
    waiting.forEach(PassTicket::cancelUnlessAskedFor);
    if (running != null) {
      running.cancelUnlessAskedFor();
    }
  }

  /** Cancels what runs and what waits; what waits is still taken, and ends at once. */
  synchronized boolean cancelAll() {
    waiting.forEach(PassTicket::cancel);
    if (running != null) {
      running.cancel();
    }
    return running != null || !waiting.isEmpty();
  }
}
