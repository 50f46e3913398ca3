package io.driftless.source.send;

import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Verdict;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.report.Tally;
import io.driftless.source.send.OpenSlice.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slices of a pass that are offered or listed and not done, within the target's windows.
 * Thread-safe; what the peer causes never blocks.
 */
public final class OpenSlices {
  private static final int PARKED_MAX = 64 * 1024;

  /** What is visited again after so many that were left for later is counted twice. */
  private static final int KNOWN_MAX = 256 * 1024;

  private final Window sliceWindow;
  private final Window entryWindow;
  private final Window streamedBytes;
  private final Tally tally;
  private final ConcurrentMap<Long, OpenSlice> open = new ConcurrentHashMap<>();

  /** Bounded by the window of slices. */
  private final BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();

  /** Left for later, by number, but for those below another: the target comes back to that one. */
  private final Map<Long, OpenSlice> parked = new HashMap<>();

  /** As well, by place: what is visited again has been counted. */
  private final Map<Place, OpenSlice> known = new HashMap<>();

  private final Set<TreePath> directories = new HashSet<>();
  private long opened;
  private final Consumer<TreePath> unequal;
  private int undecided;
  private long heldBytes;

  /**
   * Nothing has been offered yet.
   *
   * @param unequal told of the directories of slices that are not equal for sure, by several
   *     threads; must not block
   */
  public OpenSlices(Windows windows, Tally tally, Consumer<TreePath> unequal) {
    this.unequal = unequal;
    this.sliceWindow = new Window("slices", windows.slices());
    this.entryWindow = new Window("entries", windows.entries());
    this.streamedBytes = new Window("bytes of streamed content", windows.streamedBytes());
    this.tally = tally;
  }

  private record Place(TreePath directory, Scope scope) {}

  /** A slice that the target wants to see, because it differs or is absent. */
  public record Decision(OpenSlice slice, Finding finding) {}

  Window streamedBytes() {
    return streamedBytes;
  }

  /** The most entries that one slice may have. */
  public int entriesMax() {
    return entryWindow.size();
  }

  /** Takes room for a slice without waiting; false if there is none now. */
  public boolean tryReserve(int entries) throws InterruptedException {
    if (!sliceWindow.tryTake(1)) {
      return false;
    }
    if (entryWindow.tryTake(entries)) {
      return true;
    }
    sliceWindow.giveBack(1);
    return false;
  }

  /** Takes room for a slice, waiting for it. */
  public void reserve(int entries) throws InterruptedException {
    entryWindow.take(entries);
    boolean taken = false;
    try {
      sliceWindow.take(1);
      taken = true;
    } finally {
      if (!taken) {
        entryWindow.giveBack(entries);
      }
    }
  }

  /** Opens a slice, for which room has been taken, to be offered. */
  public OpenSlice openForOffer(Branch branch, TreePath directory, Scope scope, int entries) {
    return open(branch, directory, scope, entries, State.OFFERED);
  }

  /** Opens a slice, for which room has been taken, to be listed at once. */
  public OpenSlice openForListing(Branch branch, TreePath directory, Scope scope, int entries) {
    unequal.accept(directory);
    return open(branch, directory, scope, entries, State.LISTING);
  }

  private synchronized OpenSlice open(
      Branch branch, TreePath directory, Scope scope, int entries, State state) {
    var slice = new OpenSlice(++opened, branch, directory, scope, entries, state);
    OpenSlice earlier = known.remove(new Place(directory, scope));
    if (earlier != null) {
      slice.adopt(earlier);
    }
    open.put(slice.number(), slice);
    undecided++;
    return slice;
  }

  /**
   * Makes room in the window for a slice that has grown since it was offered, without waiting.
   *
   * @return how many entries it may have now
   */
  public int extend(OpenSlice slice, int entries) throws InterruptedException {
    int more = entries - slice.entryCount();
    if (more > 0 && entryWindow.tryTake(more)) {
      slice.addEntries(more);
    }
    return Math.min(entries, slice.entryCount());
  }

  /** How many slices the pass had so far. */
  public synchronized long count() {
    return opened;
  }

  /** Tells whether a listing of this size may be kept for the verdict; counts it if so. */
  public synchronized boolean mayHold(int bytes, int bytesMax) {
    if (heldBytes + bytes > bytesMax) {
      return false;
    }
    heldBytes += bytes;
    return true;
  }

  private synchronized void releaseHeld(@Nullable HeldListing held) {
    if (held != null) {
      heldBytes -= held.records().length();
    }
  }

  /** What is held is no longer counted: it is sent now. */
  public @Nullable HeldListing takeHeld(OpenSlice slice) {
    HeldListing held = slice.takeHeld();
    releaseHeld(held);
    return held;
  }

  /**
   * The target has compared a slice.
   *
   * @throws ViolationException if it was not offered
   */
  public void decided(Verdict verdict) {
    OpenSlice slice = open.get(verdict.slice());
    if (slice == null || !slice.decide()) {
      throw new ViolationException(
          "the target judges slice %d, which is not offered".formatted(verdict.slice()));
    }
    slice.branch().found(verdict.finding());
    if (verdict.finding() != Finding.EQUAL) {
      unequal.accept(slice.directory());
    }
    switch (verdict.finding()) {
      case EQUAL -> {
        takeHeld(slice);
        close(slice);
        settle();
      }
      case LATER -> {
        takeHeld(slice);
        park(slice);
        settle();
      }
      case DIFFERS, ABSENT -> decisions.add(new Decision(slice, verdict.finding()));
    }
  }

  private void park(OpenSlice slice) {
    slice.forgetSubdirectories();
    synchronized (this) {
      if (!slice.branch().isBelowParked()) {
        if (parked.size() >= PARKED_MAX) {
          throw new ViolationException(
              "the target leaves more than %d slices for later".formatted(PARKED_MAX));
        }
        parked.put(slice.number(), slice);
      }
      if (known.size() < KNOWN_MAX) {
        known.put(new Place(slice.directory(), slice.scope()), slice);
        if (slice.scope().holdsDirectoryItself()) {
          directories.add(slice.directory());
        }
      }
    }
    release(slice);
  }

  /**
   * The target comes back to a slice that it left for later.
   *
   * @throws ViolationException if it did not
   */
  public synchronized OpenSlice revisited(Verdict verdict) {
    OpenSlice slice = parked.remove(verdict.slice());
    boolean fits = verdict.finding() == Finding.DIFFERS || verdict.finding() == Finding.ABSENT;
    if (slice == null || !slice.scope().holdsDirectoryItself() || !fits) {
      throw new ViolationException(
          "the target comes back to slice %d, which it did not leave".formatted(verdict.slice()));
    }
    return slice;
  }

  /** Tells whether a directory has been counted before, and left for later; once. */
  public synchronized boolean isKnown(TreePath directory) {
    return directories.remove(directory);
  }

  /** Tells whether a slice has been read and counted before, and left for later. */
  public synchronized boolean isKnown(TreePath directory, Scope scope) {
    return known.containsKey(new Place(directory, scope));
  }

  /** Waits for the next slice that the target wants to see. */
  public Decision nextDecision() throws InterruptedException {
    return decisions.take();
  }

  /** Everything about this slice has been said. */
  void listed(OpenSlice slice) {
    slice.state(State.LISTED);
    settle();
  }

  private synchronized void settle() {
    undecided--;
    notifyAll();
  }

  /** Tells whether everything that was opened has been found equal or has been listed. */
  public synchronized boolean isAllSaid() {
    return undecided == 0;
  }

  /** Waits until that is so. */
  public synchronized void awaitAllSaid() throws InterruptedException {
    while (undecided > 0) {
      wait();
    }
  }

  /**
   * The target has staged everything of a slice.
   *
   * @throws ViolationException if it was not listed
   */
  public void done(long number) {
    OpenSlice slice = open.get(number);
    if (slice == null || slice.state() != State.LISTED) {
      throw new ViolationException(
          "the target is done with slice %d, which is not listed".formatted(number));
    }
    close(slice);
  }

  private void close(OpenSlice slice) {
    release(slice);
    tally.done(slice.counted(), slice.bytes());
  }

  private void release(OpenSlice slice) {
    open.remove(slice.number());
    entryWindow.giveBack(slice.entryCount());
    sliceWindow.giveBack(1);
  }

  /** Streamed content has been staged. */
  public void staged(long bytes) {
    streamedBytes.reopen(bytes);
  }

  /**
   * A slice about which the target may ask.
   *
   * @throws ViolationException if it was never listed, or is done
   */
  OpenSlice require(long number) {
    OpenSlice slice = open.get(number);
    if (slice == null || slice.state() == State.OFFERED) {
      throw new ViolationException(
          "the target asks about slice %d, which is not listed".formatted(number));
    }
    return slice;
  }
}
