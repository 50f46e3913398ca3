package io.driftless.source.send;

import io.driftless.protocol.delta.Pursuit;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A slice that the target knows of and is not done with. Thread-safe. */
public final class OpenSlice {
  /** What has been said about it. */
  enum State {
    OFFERED,
    LISTING,
    LISTED
  }

  private final long number;
  private final Branch branch;
  private final TreePath directory;
  private final Scope scope;
  private final SliceNames names = new SliceNames();
  private State state;
  private int entryCount;
  private long bytes;
  private int counted;
  private @Nullable Set<Name> told;
  private boolean selfTold;
  private @Nullable HeldListing held;
  private List<Name> subdirectories = List.of();
  private final Map<Integer, Pursuit> pursuits = new HashMap<>();

  OpenSlice(
      long number, Branch branch, TreePath directory, Scope scope, int entryCount, State state) {
    this.number = number;
    this.branch = branch;
    this.directory = directory;
    this.scope = scope;
    this.entryCount = entryCount;
    this.state = state;
  }

  public long number() {
    return number;
  }

  public Branch branch() {
    return branch;
  }

  public TreePath directory() {
    return directory;
  }

  public Scope scope() {
    return scope;
  }

  /** How many entries it occupies in the window. */
  public synchronized int entryCount() {
    return entryCount;
  }

  synchronized void addEntries(int more) {
    entryCount += more;
  }

  /** What is known of content that moved within a file. */
  synchronized Pursuit pursuit(int index) {
    return pursuits.computeIfAbsent(index, _ -> new Pursuit());
  }

  SliceNames names() {
    return names;
  }

  /** Keeps what was offered until the target has compared it. */
  public synchronized void offered(@Nullable HeldListing listing, List<Name> subdirectoriesFound) {
    held = listing;
    subdirectories = subdirectoriesFound;
  }

  /**
   * Tells whether a fault is still to be told: a slice may be read twice.
   *
   * @param name which can't be carried, null for the directory itself
   */
  public synchronized boolean isNews(@Nullable Name name) {
    if (name == null) {
      boolean isNews = !selfTold;
      selfTold = true;
      return isNews;
    }
    if (told == null) {
      told = new HashSet<>();
    }
    return told.add(name);
  }

  /** The listing as it was offered, or null where it was too large to be kept; hands it over. */
  public synchronized @Nullable HeldListing takeHeld() {
    HeldListing listing = held;
    held = null;
    return listing;
  }

  /** Names of the directories in it that the walk knows of already; hands them over. */
  public synchronized Set<Name> takeSubdirectories() {
    List<Name> known = subdirectories;
    subdirectories = List.of();
    return Set.copyOf(known);
  }

  /** Lets go of these names where they are not needed. */
  public synchronized void forgetSubdirectories() {
    subdirectories = List.of();
  }

  /** Counts an entry that is no directory: those count where they are walked. */
  public synchronized void count(long sizeBytes) {
    counted++;
    bytes += sizeBytes;
  }

  /** Counts several. */
  public synchronized void count(int entries, long sizesBytes) {
    counted += entries;
    bytes += sizesBytes;
  }

  synchronized void countAnew() {
    counted = 0;
    bytes = 0;
  }

  /** How many entries of the volume it stands for, itself included. */
  synchronized int counted() {
    return counted + (scope.holdsDirectoryItself() ? 1 : 0);
  }

  /** Sizes of the regular files in it. */
  synchronized long bytes() {
    return bytes;
  }

  /** What was told of a slice before it was left for later is not told again. */
  synchronized void adopt(OpenSlice earlier) {
    selfTold = earlier.selfTold;
    told = earlier.told;
  }

  /** From offered to being listed; false if it was not offered. */
  synchronized boolean decide() {
    if (state != State.OFFERED) {
      return false;
    }
    state = State.LISTING;
    return true;
  }

  synchronized State state() {
    return state;
  }

  synchronized void state(State next) {
    state = next;
  }
}
