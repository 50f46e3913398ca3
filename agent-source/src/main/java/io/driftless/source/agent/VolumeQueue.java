package io.driftless.source.agent;

import io.driftless.source.session.PassRequest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Passes of one volume in the order in which they were asked for. Thread-safe.
 *
 * <p>A request that finds an equal one waiting shares it: that pass begins after both were made.
 * One that finds a pass running waits for the next, since what changed before the request may have
 * been walked already. A verification may be put aside, so that it goes on beside the running pass;
 * the next one waits until it has ended.
 */
final class VolumeQueue {
  static final int WAITING_MAX = 16;
  private static final int ENDED_KEPT = 16;
  private static final long WAIT_MILLIS_MAX = 3_600_000;

  private final Deque<PassTicket> waiting = new ArrayDeque<>();
  private final Deque<PassTicket> ended = new ArrayDeque<>();
  private @Nullable PassTicket running;

  /** A verification that runs beside the running pass. */
  private @Nullable PassTicket aside;

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
    PassTicket next = takeNext();
    while (next == null) {
      long nanos = patience.getAsLong();
      if (nanos <= 0) {
        return null;
      }
      wait(Math.min(WAIT_MILLIS_MAX, nanos / 1_000_000), (int) (nanos % 1_000_000));
      next = takeNext();
    }
    running = next;
    return next;
  }

  private @Nullable PassTicket takeNext() {
    for (Iterator<PassTicket> each = waiting.iterator(); each.hasNext(); ) {
      PassTicket ticket = each.next();
      if (aside == null || !ticket.isVerification()) {
        each.remove();
        return ticket;
      }
    }
    return null;
  }

  /** What was taken last goes on beside others. */
  synchronized void putAside() {
    aside = running;
    running = null;
  }

  /** What was put aside can't go on so: it is the next to be taken. */
  synchronized void putBack() {
    if (aside != null) {
      waiting.addFirst(aside);
      aside = null;
    }
    notifyAll();
  }

  /** Has whoever waits ask again how long. */
  synchronized void wake() {
    notifyAll();
  }

  /** A pass has ended that was running, or aside. */
  synchronized void finished(PassTicket pass) {
    ended.addFirst(pass);
    running = running == pass ? null : running;
    aside = aside == pass ? null : aside;
    notifyAll();
    while (ended.size() > ENDED_KEPT) {
      ended.removeLast();
    }
  }

  synchronized Optional<PassTicket> running() {
    return Optional.ofNullable(running);
  }

  synchronized Optional<PassTicket> aside() {
    return Optional.ofNullable(aside);
  }

  synchronized Optional<PassTicket> firstWaiting() {
    return Optional.ofNullable(waiting.peek());
  }

  synchronized Optional<PassTicket> find(long pass) {
    return Stream.of(underWay(), waiting, ended)
        .flatMap(Collection::stream)
        .filter(ticket -> ticket.pass() == pass)
        .findFirst();
  }

  private List<PassTicket> underWay() {
    return Stream.of(Optional.ofNullable(running), Optional.ofNullable(aside))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Cancels what nobody asked for but the agent itself. */
  synchronized void cancelUnlessAskedFor() {
    waiting.forEach(PassTicket::cancelUnlessAskedFor);
    underWay().forEach(PassTicket::cancelUnlessAskedFor);
  }

  /** Cancels what is under way and what waits; what waits is still taken, and ends at once. */
  synchronized boolean cancelAll() {
    List<PassTicket> running = underWay();
    waiting.forEach(PassTicket::cancel);
    running.forEach(PassTicket::cancel);
    return !running.isEmpty() || !waiting.isEmpty();
  }

  /** The number of the oldest pass that has not ended, MAX_VALUE if all have. */
  synchronized long oldestUnended() {
    return Stream.of(underWay(), waiting)
        .flatMap(Collection::stream)
        .mapToLong(PassTicket::pass)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
