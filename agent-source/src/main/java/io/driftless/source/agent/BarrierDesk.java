package io.driftless.source.agent;

import io.driftless.source.session.BarrierStatus;
import io.driftless.source.session.BarrierStatus.Part;
import io.driftless.source.session.BarrierStatus.State;
import io.driftless.source.session.BarrierStatus.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Barriers that wait, and those that ended lately. Thread-safe; a thread for each volume. */
final class BarrierDesk implements AutoCloseable {
  static final int WAITING_MAX = 16;
  static final int KEPT_MAX = 64;

  private final InstantSource clock;
  private final BooleanSupplier isStopped;
  private final Map<Long, Barrier> barriers = new LinkedHashMap<>();
  private long last;

  /**
   * A desk without barriers.
   *
   * @param isStopped whether nothing may be sent
   */
  BarrierDesk(InstantSource clock, BooleanSupplier isStopped) {
    this.clock = clock;
    this.isStopped = isStopped;
  }

  /** One moment for several volumes. Guarded by the desk. */
  private final class Barrier {
    final long number;
    final Instant moment;
    final long begun;
    final Map<String, Part> parts = new LinkedHashMap<>();
    final List<Thread> threads = new ArrayList<>();
    Optional<Duration> took = Optional.empty();

    Barrier(long number) {
      this.number = number;
      this.begun = System.nanoTime();
      this.moment = clock.instant();
    }

    BarrierStatus status() {
      Duration age = Duration.ofNanos(System.nanoTime() - begun);
      return new BarrierStatus(number, moment, took.orElse(age), List.copyOf(parts.values()));
    }

    void end(Part part) {
      if (status().state() == State.WAITING) {
        parts.put(part.volume(), part);
        if (status().state() != State.WAITING) {
          took = Optional.of(Duration.ofNanos(System.nanoTime() - begun));
          threads.forEach(Thread::interrupt);
        }
      }
    }

    void giveUp() {
      for (String volume : List.copyOf(parts.keySet())) {
        end(new Part(volume, Verdict.CANCELLED, "it was given up", "ask again", 0, List.of()));
      }
    }
  }

  /**
   * Begins to prove that everything from before now is on the targets.
   *
   * @return its number
   * @throws IllegalStateException if too many wait
   */
  synchronized long open(List<? extends Provable> volumes, Duration timeout) {
    long waiting =
        barriers.values().stream().filter(each -> each.status().state() == State.WAITING).count();
    if (waiting >= WAITING_MAX) {
      throw new IllegalStateException(
          "%d barriers wait already; wait for some first".formatted(waiting));
    }
    var barrier = new Barrier(++last);
    barriers.put(barrier.number, barrier);
    long deadline = barrier.begun + timeout.toNanos();
    for (Provable volume : volumes) {
      barrier.parts.put(
          volume.name(),
          new Part(volume.name(), Verdict.WAITING, "not proven yet", "", 0, List.of()));
      var proof = new BarrierProof(volume, isStopped, deadline, System::nanoTime, Thread::sleep);
      barrier.threads.add(
          Thread.ofVirtual()
              .name("barrier-" + volume.name())
              .unstarted(() -> prove(barrier, volume.name(), proof)));
    }
    barrier.threads.forEach(Thread::start);
    forgetOld();
    return barrier.number;
  }

  private void forgetOld() {
    var oldest = barriers.values().iterator();
    while (barriers.size() > KEPT_MAX && oldest.hasNext()) {
      if (oldest.next().status().state() != State.WAITING) {
        oldest.remove();
      }
    }
  }

  private void prove(Barrier barrier, String volume, BarrierProof proof) {
    Part end;
    try {
      end = proof.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (IOException | RuntimeException e) {
      end = new Part(volume, Verdict.FAILED, e.toString(), "look at the agent's log", 0, List.of());
    }
    synchronized (this) {
      barrier.end(end);
    }
  }

  synchronized Optional<BarrierStatus> find(long number) {
    return Optional.ofNullable(barriers.get(number)).map(Barrier::status);
  }

  /** Waits for it no longer; returns whether there was one to wait for. */
  synchronized boolean giveUp(long number) {
    Barrier barrier = barriers.get(number);
    if (barrier == null || barrier.status().state() != State.WAITING) {
      return false;
    }
    barrier.giveUp();
    return true;
  }

  @Override
  public synchronized void close() {
    barriers.values().forEach(Barrier::giveUp);
  }
}
