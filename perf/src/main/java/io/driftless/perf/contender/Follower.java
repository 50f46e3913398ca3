package io.driftless.perf.contender;

import io.driftless.perf.process.Service;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A program that makes a target equal to a source and lets it follow by itself, until closed. */
public interface Follower extends AutoCloseable {
  /** What runs; what it uses counts. */
  List<Service> services();

  /** How far it says that the target is behind; empty if it doesn't say. */
  default Optional<Standing> standing() throws IOException {
    return Optional.empty();
  }

  /** Options of the rsync that judges, for what the program is not made to carry. */
  default List<String> leniency() {
    return List.of();
  }

  /**
   * How far the target is behind.
   *
   * @param lagSeconds age of the oldest change that is not durable on the target; 0 if there is
   *     none, infinite if that is not known
   * @param dirtyEntries noticed and not durable on the target
   * @param overflows how often changes came too fast to be noticed one by one
   */
  record Standing(String state, double lagSeconds, long dirtyEntries, long overflows) {
    /** Whether every change that was noticed is durable on the target. */
    public boolean isClean() {
      return lagSeconds == 0 && dirtyEntries == 0;
    }

    public boolean isReplicating() {
      return state.equals("replicating");
    }
  }

  @Override
  void close() throws IOException, InterruptedException;
}
