package io.driftless.source.agent;

import io.driftless.source.session.Inquiry;
import io.driftless.source.session.PassReport.Failure;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Questions about entries of one volume, and their answers for a while. Thread-safe. */
final class InquiryDesk implements AutoCloseable {
  static final int OPEN_MAX = 16;
  static final int KEPT_MAX = 64;

  private final Map<Long, Inquiry> inquiries = new LinkedHashMap<>();
  private final Set<Thread> open = new HashSet<>();
  private long last;

  /** Finds an answer. */
  @FunctionalInterface
  interface Work {
    /**
     * Finds it.
     *
     * @param looking run when the waiting is over
     */
    Inquiry answer(Runnable looking) throws InterruptedException;
  }

  /**
   * Begins to look for an answer.
   *
   * @return its number
   * @throws IllegalStateException if too many are open
   */
  synchronized long open(String name, Work work) {
    if (open.size() >= OPEN_MAX) {
      throw new IllegalStateException(
          "%d questions wait for an answer already; wait for some first".formatted(open.size()));
    }
    long number = ++last;
    inquiries.put(number, new Inquiry.Waiting());
    Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> work(number, work));
    open.add(thread);
    thread.start();
    forgetOld();
    return number;
  }

  private void forgetOld() {
    var oldest = inquiries.entrySet().iterator();
    while (inquiries.size() > KEPT_MAX && oldest.hasNext()) {
      switch (oldest.next().getValue()) {
        case Inquiry.Answered _, Inquiry.Failed _ -> oldest.remove();
        case Inquiry.Waiting _, Inquiry.Looking _ -> {}
      }
    }
  }

  private void work(long number, Work work) {
    Inquiry end =
        new Inquiry.Failed(new Failure("cancelled", "the agent gave the question up", "ask again"));
    try {
      end = work.answer(() -> put(number, new Inquiry.Looking()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      put(number, end);
      leave();
    }
  }

  private synchronized void put(long number, Inquiry inquiry) {
    inquiries.put(number, inquiry);
  }

  private synchronized void leave() {
    open.remove(Thread.currentThread());
    notifyAll();
  }

  /** How far a question has come; empty if it is unknown, or long answered. */
  synchronized Optional<Inquiry> find(long number) {
    return Optional.ofNullable(inquiries.get(number));
  }

  /** Ends what is open. */
  @Override
  public synchronized void close() {
    open.forEach(Thread::interrupt);
  }
}
