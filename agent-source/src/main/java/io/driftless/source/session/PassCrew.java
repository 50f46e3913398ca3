package io.driftless.source.session;

import io.driftless.protocol.linux.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that work on one pass. Confined to the thread that runs the pass. */
final class PassCrew implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PassCrew.class);

  private final String volume;
  private final Priority priority;
  private final Consumer<Throwable> failed;
  private final AtomicBoolean told = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * A crew without threads.
   *
   * @param priority of its threads
   * @param failed told by a thread what ended it, unless it was interrupted or came to its end
   */
  PassCrew(String volume, Priority priority, Consumer<Throwable> failed) {
    this.volume = volume;
    this.priority = priority;
    this.failed = failed;
  }

  /** What a thread does. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** Starts a thread. System calls pin virtual threads to their carriers, so it is a real one. */
  void start(String name, Work work) {
    threads.add(Thread.ofPlatform().name(volume + "-" + name).daemon().start(() -> run(work)));
  }

  private void run(Work work) {
    try {
      takeUpPriority();
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failed.accept(e);
    }
  }

  private void takeUpPriority() {
    if (!priority.takeUp() && priority == Priority.LOW && told.compareAndSet(false, true)) {
      LOG.warn(
          "{}: not permitted to give way to other work of this host; its pass goes on without",
          volume);
    }
  }

  /** Ends all threads and waits for them; their longest wait is one system call. */
  @Override
  public void close() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      thread.interrupt();
    }
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    threads.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
