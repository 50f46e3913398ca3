package io.driftless.source.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The threads that work on one pass. Confined to the thread that runs the pass. */
final class PassCrew implements AutoCloseable {
  private final String volume;
  private final Consumer<Throwable> failed;
  private final List<Thread> threads = new ArrayList<>();

  /**
   * A crew without threads.
   *
   * @param failed told by a thread what ended it, unless it was interrupted or came to its end
   */
  PassCrew(String volume, Consumer<Throwable> failed) {
    this.volume = volume;
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
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failed.accept(e);
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
