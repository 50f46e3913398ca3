package io.driftless.perf;

import io.driftless.perf.contender.Follower;
import io.driftless.perf.contender.Follower.Standing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a follower how it stands, five times a second, until it is closed. */
final class StandingObserver implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 200;

  private final Follower follower;
  private final Thread thread;

  /** Written by the thread, read when it has ended. */
  private final List<Standing> seen = new ArrayList<>();

  private @Nullable IOException failure;

  private StandingObserver(Follower follower) {
    this.follower = follower;
    this.thread = Thread.ofPlatform().name("observer").unstarted(this::work);
  }

  static StandingObserver start(Follower follower) {
    var observer = new StandingObserver(follower);
    observer.thread.start();
    return observer;
  }

  private void work() {
    try {
      while (true) {
        Thread.sleep(INTERVAL_MILLIS);
        Optional<Standing> now = follower.standing();
        if (now.isEmpty()) {
          return;
        }
        seen.add(now.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Looks a last time, and no more. */
  List<Standing> end() throws IOException, InterruptedException {
    close();
    if (failure != null) {
      throw new IOException("the follower does not tell how it stands", failure);
    }
    follower.standing().ifPresent(seen::add);
    return List.copyOf(seen);
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
