package io.driftless.source.agent;

import io.driftless.source.watch.DirtySet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the changes of one volume noticed as long as its target follows, and looks now and then for
 * those that nobody is told of. Sweeps belong to the thread of the volume; the rest may come from
 * any.
 */
final class Watching {
  /** How often files are looked at that somebody may write to unnoticed; of a core's time, too. */
  private static final Duration SWEEPS_APART_MIN = Duration.ofSeconds(2);

  private static final Duration SWEEPS_APART_MAX = Duration.ofSeconds(30);

  private static final int SWEEP_SHARE = 800;

  private final Watch.Opener watches;
  private final DirtySet dirty;
  private final LongSupplier nanoTime;
  private final Runnable sooner;
  private final Appointment nextSweep;

  private @Nullable Watch watched;
  private @Nullable Path rootPath;

  /** Not guarded: whoever asks how long to wait holds what {@code sooner} may need. */
  private final Queue<CompletableFuture<@Nullable Void>> awaited = new ConcurrentLinkedQueue<>();

  /**
   * Nothing is watched yet.
   *
   * @param sooner told when a sweep is due earlier than it was
   */
  Watching(Watch.Opener watches, DirtySet dirty, LongSupplier nanoTime, Runnable sooner) {
    this.watches = watches;
    this.dirty = dirty;
    this.nanoTime = nanoTime;
    this.sooner = sooner;
    this.nextSweep = new Appointment(nanoTime);
  }

  /**
   * Begins.
   *
   * @param known the last moment of which everything is known
   */
  synchronized void begin(Path root, long known) {
    rootPath = root;
    watched = watches.begin(root, dirty);
    dirty.inDoubt("what changed before it was watched is not known", known);
  }

  synchronized void end() {
    rootPath = null;
    if (watched != null) {
      watched.close();
      watched = null;
      dirty.lose("changes are not noticed any more");
    }
    takeAwaited().forEach(sweep -> sweep.cancel(false));
  }

  synchronized @Nullable Watch now() {
    return watched;
  }

  boolean isBlind() {
    Watch by = now();
    return by == null || by.isBlind();
  }

  /** Whether the loss of one name of a file is told of another that it keeps. */
  boolean tellsOfInodes() {
    Watch by = now();
    return by != null && by.method().equals(Watched.FANOTIFY);
  }

  /** Completes with the next sweep that begins after this call; cancelled if there is none. */
  CompletableFuture<@Nullable Void> swept() {
    var swept = new CompletableFuture<@Nullable Void>();
    synchronized (this) {
      if (watched == null) {
        swept.cancel(false);
        return swept;
      }
      awaited.add(swept);
    }
    sooner.run();
    return swept;
  }

  /** Nanoseconds until a sweep is due. */
  long nanosLeft() {
    return awaited.isEmpty() ? nextSweep.nanosLeft() : 0;
  }

  /**
   * Takes note of files that may have been written to without anybody being told.
   *
   * @param nextPass when a pass may take the place of what can't be noticed
   * @param passBegan the last one began
   */
  void sweep(Appointment nextPass, long passBegan) {
    List<CompletableFuture<@Nullable Void>> waiting = takeAwaited();
    if (!nextSweep.isDue() && waiting.isEmpty()) {
      return;
    }
    long began = nanoTime.getAsLong();
    Watch by = now();
    if (by != null && !by.isBlind()) {
      by.sweep(dirty);
    } else if (by != null && by.hasNoRoot() && nextPass.isDue()) {
      watchAgain(passBegan);
    } else if (by != null && !dirty.isInDoubt() && nextPass.isDue()) {
      dirty.inDoubt("nothing tells of changes: " + by.reason(), passBegan);
    }
    waiting.forEach(swept -> swept.complete(null));
    Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
    Duration rest = Collections.max(List.of(SWEEPS_APART_MIN, took.multipliedBy(SWEEP_SHARE)));
    nextSweep.putOff(Collections.min(List.of(SWEEPS_APART_MAX, rest)));
  }

  private List<CompletableFuture<@Nullable Void>> takeAwaited() {
    var taken = new ArrayList<CompletableFuture<@Nullable Void>>();
    for (var next = awaited.poll(); next != null; next = awaited.poll()) {
      taken.add(next);
    }
    return taken;
  }

  /** The root could not be opened before; perhaps it is there now. */
  private synchronized void watchAgain(long known) {
    Path root = rootPath;
    if (root != null) {
      begin(root, known);
    }
  }
}
