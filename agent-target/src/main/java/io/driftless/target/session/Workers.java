package io.driftless.target.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few platform threads for the work of a pass. The windows of the protocol bound what can be
 * waiting. Thread-safe.
 */
final class Workers {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final ArrayDeque<Runnable> sideTasks = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Runnable whenIdle;
  private int besides;
  private boolean ended;

  /**
   * Workers that start with {@link #start}.
   *
   * @param whenIdle run by a worker that finds nothing more to do
   */
  Workers(String name, int count, Runnable whenIdle) {
    this.whenIdle = whenIdle;
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().name(name + "-apply-" + i).unstarted(this::work));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Has a task done.
   *
   * @return false after the end: the caller runs it, to let go of what it holds
   */
  boolean execute(Runnable task) {
    return add(task, tasks);
  }

  /**
   * As {@link #execute}, when nothing else is to be done. Where there are several workers, one does
   * none of it.
   */
  boolean executeBeside(Runnable task) {
    return add(task, sideTasks);
  }

  private synchronized boolean add(Runnable task, ArrayDeque<Runnable> queue) {
    if (ended) {
      return false;
    }
    queue.add(task);
    notify();
    return true;
  }

  private void work() {
    Runnable task = next();
    while (task != null) {
      task.run();
      task = next();
    }
  }

  private @Nullable Runnable next() {
    synchronized (this) {
      if (!tasks.isEmpty()) {
        return tasks.remove();
      }
    }
    whenIdle.run();
    return await();
  }

  private synchronized @Nullable Runnable await() {
    try {
      while (tasks.isEmpty() && !mayStepAside()) {
        if (ended) {
          return null;
        }
        wait();
      }
    } catch (InterruptedException e) {
      // Only the end interrupts; what waits is run to let go of what it holds.
      ended = true;
      return poll();
    }
    if (!tasks.isEmpty()) {
      return tasks.remove();
    }
    besides++;
    Runnable task = sideTasks.remove();
    return () -> runBeside(task);
  }

  private boolean mayStepAside() {
    return !sideTasks.isEmpty() && besides < Math.max(1, threads.size() - 1);
  }

  private void runBeside(Runnable task) {
    try {
      task.run();
    } finally {
      synchronized (this) {
        besides--;
        notify(); // whoever waits may do the next one
      }
    }
  }

  /** Interrupts and waits until all threads have ended. */
  void end() throws InterruptedException {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    for (Thread thread : threads) {
      thread.interrupt();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Runnable left = poll();
    while (left != null) {
      left.run();
      left = poll();
    }
  }

  private synchronized @Nullable Runnable poll() {
    return tasks.isEmpty() ? sideTasks.poll() : tasks.poll();
  }
}
