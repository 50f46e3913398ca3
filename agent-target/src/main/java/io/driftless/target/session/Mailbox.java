package io.driftless.target.session;

import java.util.ArrayDeque;

/** Runs tasks one after the other on the workers, in the order in which they came. Thread-safe. */
final class Mailbox {
  private final Workers workers;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  Mailbox(Workers workers) {
    this.workers = workers;
  }

  void post(Runnable task) {
    synchronized (this) {
      tasks.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    if (!workers.execute(this::runOne)) {
      runAll();
    }
  }

  /**
   * Has something done that may take long, by workers that have nothing else to do. After their end
   * it is done at once, to let go of what it holds.
   */
  void beside(Runnable task) {
    if (!workers.executeBeside(task)) {
      task.run();
    }
  }

  private void runOne() {
    if (!isEmptyAfterOne() && !workers.execute(this::runOne)) {
      runAll();
    }
  }

  private void runAll() {
    boolean empty = false;
    while (!empty) {
      empty = isEmptyAfterOne();
    }
  }

  private boolean isEmptyAfterOne() {
    Runnable task;
    synchronized (this) {
      task = tasks.remove();
    }
    task.run();
    synchronized (this) {
      running = !tasks.isEmpty();
      return !running;
    }
  }
}
