package io.driftless.perf.process;

import io.driftless.perf.process.Usage.ProcessUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Watches a program, some services and the children of all of them.
 *
 * <p>It looks every {@value #INTERVAL_MILLIS} ms, so that of a process that ends up to as much of
 * its CPU time is not seen, and all of one that stays. What was not seen of those that services
 * started is told as one more process.
 */
public final class Meter {
  private static final long INTERVAL_MILLIS = 20;
  private static final String UNSEEN = "not seen";
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final List<Service> services;
  private final Detail detail;
  private final Map<Long, Track> tracks = new LinkedHashMap<>();
  private final ThreadTimes threads = new ThreadTimes();
  private double endedBefore;

  /** What is looked at. */
  public enum Detail {
    PROCESSES,
    /** Each thread too, which takes some percent of a processor. */
    THREADS
  }

  public Meter(List<Service> services) {
    this(services, Detail.PROCESSES);
  }

  public Meter(List<Service> services, Detail detail) {
    this.services = List.copyOf(services);
    this.detail = detail;
  }

  private static final class Track {
    private final String name;
    private final Naming naming;
    private final double cpuSecondsBefore;
    private double cpuSeconds;
    private long peakBytes;

    Track(String name, Naming naming, double cpuSecondsBefore) {
      this.name = name;
      this.naming = naming;
      this.cpuSecondsBefore = cpuSecondsBefore;
      this.cpuSeconds = cpuSecondsBefore;
    }

    /** Between fork and exec a process still has its parent's name and memory. */
    boolean isStill(ProcFile stat) {
      return naming == Naming.OURS || name.equals(stat.name());
    }

    ProcessUsage usage() {
      return new ProcessUsage(name, cpuSeconds - cpuSecondsBefore, peakBytes);
    }
  }

  private enum Naming {
    OURS,
    KERNELS
  }

  /** Takes note of where the services stand, and forgets their peaks. */
  public void begin() throws IOException {
    tracks.clear();
    for (Service service : services) {
      ProcFile.resetPeak(service.pid());
      ProcFile stat = ProcFile.read(service.pid());
      if (stat == null) {
        throw new IOException(service.name() + " is gone");
      }
      tracks.put(service.pid(), new Track(service.name(), Naming.OURS, stat.cpuSeconds()));
      if (detail == Detail.THREADS) {
        threads.begin(service.pid(), service.name());
      }
    }
    endedBefore = endedSeconds();
  }

  private double endedSeconds() {
    return services.stream()
        .map(service -> ProcFile.read(service.pid()))
        .filter(Objects::nonNull)
        .mapToDouble(ProcFile::endedChildrenSeconds)
        .sum();
  }

  /** Watches until the program has ended and everything that it or a service started is gone. */
  Usage watch(Process program, Duration patience) throws IOException, InterruptedException {
    if (tracks.isEmpty()) {
      begin();
    }
    long deadline = System.nanoTime() + patience.toNanos();
    do {
      look(List.of(program.pid()));
      if (System.nanoTime() > deadline) {
        program.destroyForcibly();
        throw new IOException("did not end within " + patience);
      }
    } while (!program.waitFor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
    long ended = System.nanoTime();
    linger(program.pid(), ended + LINGER_NANOS);
    return usage(ended);
  }

  /** Something that takes its time. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Watches the services, with all that they start, while something goes on. */
  public Usage during(Work work) throws IOException, InterruptedException {
    begin();
    var looking = Thread.ofPlatform().name("meter").start(this::lookAgainAndAgain);
    try {
      work.run();
    } finally {
      looking.interrupt();
      looking.join();
    }
    long ended = System.nanoTime();
    look(List.of());
    return withUnseen(usage(ended));
  }

  private void lookAgainAndAgain() {
    try {
      while (true) {
        look(List.of());
        Thread.sleep(INTERVAL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // that is how it is told
    }
  }

  private Usage withUnseen(Usage seen) {
    double seenOfEnded =
        tracks.entrySet().stream()
            .filter(entry -> ProcFile.read(entry.getKey()) == null)
            .mapToDouble(entry -> entry.getValue().cpuSeconds)
            .sum();
    double unseen = endedSeconds() - endedBefore - seenOfEnded;
    if (unseen <= 0) {
      return seen;
    }
    var processes = new ArrayList<>(seen.processes());
    processes.add(new ProcessUsage(UNSEEN, unseen, 0));
    return new Usage(seen.endedNanos(), processes, seen.threads());
  }

  private Usage usage(long endedNanos) {
    return new Usage(
        endedNanos, tracks.values().stream().map(Track::usage).toList(), threads.usage());
  }

  /** The far side of a connection may need a moment after the near side has ended. */
  private void linger(long program, long untilNanos) throws InterruptedException {
    while (look(List.of(program)) > services.size() && System.nanoTime() < untilNanos) {
      Thread.sleep(INTERVAL_MILLIS);
    }
  }

  /** Returns how many processes there are now. */
  private int look(List<Long> programs) {
    Set<Long> pending = new LinkedHashSet<>(programs);
    services.forEach(service -> pending.add(service.pid()));
    int count = 0;
    while (!pending.isEmpty()) {
      long pid = pending.iterator().next();
      pending.remove(pid);
      ProcFile stat = ProcFile.read(pid);
      if (stat != null) {
        count++;
        note(pid, stat);
        pending.addAll(children(pid));
      }
    }
    return count;
  }

  private void note(long pid, ProcFile stat) {
    Track track = tracks.get(pid);
    if (track == null || !track.isStill(stat)) {
      track = new Track(stat.name(), Naming.KERNELS, 0);
      tracks.put(pid, track);
    }
    track.cpuSeconds = stat.cpuSeconds();
    track.peakBytes = Math.max(track.peakBytes, stat.peakBytes());
    if (detail == Detail.THREADS) {
      threads.look(pid, track.name);
    }
  }

  private static List<Long> children(long pid) {
    var children = new ArrayList<Long>();
    for (String child : ProcFile.childrenOf(pid).strip().split(" ", -1)) {
      if (!child.isEmpty()) {
        children.add(Long.valueOf(child));
      }
    }
    return children;
  }
}
