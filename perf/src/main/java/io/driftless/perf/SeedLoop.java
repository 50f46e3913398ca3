package io.driftless.perf;

import io.driftless.perf.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Seeds a volume again and again, each time into an empty target, until it is ended. */
final class SeedLoop implements AutoCloseable {
  private final Command seed;
  private final Path target;
  private final Thread thread;

  /** Guarded by this. */
  private long number;

  private boolean running;
  private boolean ending;
  private @Nullable IOException failure;

  private SeedLoop(Command seed, Path target) {
    this.seed = seed;
    this.target = target;
    this.thread = Thread.ofPlatform().name("seeds").unstarted(this::work);
  }

  static SeedLoop start(Command seed, Path target) {
    var loop = new SeedLoop(seed, target);
    loop.thread.start();
    return loop;
  }

  private void work() {
    try {
      while (!isEnding()) {
        Command.of("find", target.toString(), "-mindepth", "1", "-delete").run();
        Command.of("sync", "-f", target.toString()).run();
        set(true);
        seed.run();
        set(false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (IOException e) {
      fail(e);
    }
  }

  private synchronized void set(boolean now) {
    running = now;
    number += now ? 1 : 0;
    notifyAll();
  }

  private synchronized boolean isEnding() {
    return ending;
  }

  private synchronized void fail(IOException why) {
    failure = why;
    notifyAll();
  }

  /** Waits until a seed runs; returns which. */
  synchronized long awaitRunning() throws IOException, InterruptedException {
    while (!running || failure != null) {
      requireNoFailure();
      wait();
    }
    return number;
  }

  private synchronized void requireNoFailure() throws IOException {
    if (failure != null) {
      throw new IOException("the seed besides failed", failure);
    }
  }

  /** Whether it still is the same that runs. */
  synchronized boolean isRunning(long which) {
    return running && number == which;
  }

  /** Waits until the last seed is complete. */
  void end() throws IOException, InterruptedException {
    synchronized (this) {
      ending = true;
    }
    thread.join();
    requireNoFailure();
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
