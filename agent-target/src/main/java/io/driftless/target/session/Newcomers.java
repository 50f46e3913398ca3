package io.driftless.target.session;

import static java.util.stream.Collectors.toSet;

import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.PassMessage.BeginPass;
import io.driftless.protocol.message.PassMessage.Finding;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.message.PassMessage.Revisit;
import io.driftless.protocol.message.VolumeMessage.Standing;
import io.driftless.protocol.message.VolumeMessage.Windows;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.session.ReplicaOptions.SourceRoot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which names that are new on the source wait until it is known what vanished: they may be
 * other names of what is here. Files keep their slices open, so they are let fill half of the
 * windows and no more; directories are left out by the source until it is asked to come back to
 * them, and only so many. Thread-safe.
 *
 * <p>It goes in rounds. In the first everything waits; later only directories for which there is
 * one that they can stand for, and files in so many others that looking for theirs pays.
 */
final class Newcomers {
  private static final int DIRECTORIES_MAX = 16 * 1024;
  private static final int ENTRIES_FREE = 1000;
  private static final int ENTRIES_BY_FILE = 10;

  private final int slicesMax;
  private final int entriesMax;
  private final TreePath start;
  private final Extras extras;
  private final VanishedTrees trees;
  private final Map<TreePath, Optional<Offer>> directories = new LinkedHashMap<>();
  private boolean open;
  private boolean first = true;
  private int slices;
  private long entries;
  private long listed;

  Newcomers(PassParts pass, ReplicaOptions options, BeginPass begin) {
    Windows windows = options.windows();
    this.slicesMax = windows.slices() / 2;
    this.entriesMax = windows.entries() / 2;
    this.start = begin.below();
    this.extras = pass.extras();
    this.trees = new VanishedTrees(pass);
    this.open =
        options.standing() == Standing.SEEDED
            && options.sourceRoot() == SourceRoot.SAME
            && !begin.effect().isNone();
  }

  /** Tells whether what is new may still be here under another name. */
  synchronized boolean areAwaited() {
    return open;
  }

  /** Tells whether a new file is to wait; its slice counts from then on. */
  synchronized boolean mayWait(Slice slice, Entry entry) {
    if (!open
        || !slice.isOffered() && !slice.scope.isNamed()
        || entry.linkRole() != LinkRole.ONLY
        || entry.metadata().sizeBytes() == 0) {
      return false;
    }
    if (!slice.newcomers.isEmpty()) {
      return true;
    }
    int more = slice.offer == null ? slice.windowEntries : slice.offer.entries();
    if (slices >= slicesMax || entries + more > entriesMax) {
      return false;
    }
    slices++;
    entries += more;
    return true;
  }

  /** What is to be said of a slice of a directory that is not here. */
  synchronized Finding meet(Offer offer) throws IOException {
    TreePath directory = offer.directory();
    boolean isHead = offer.scope().holdsDirectoryItself();
    if (waits(directory)) {
      if (isHead && directories.containsKey(directory)) {
        directories.put(directory, Optional.of(offer));
      }
      return Finding.LATER;
    }
    if (!open || directory.equals(start) || offer.entries() == 0) {
      return Finding.ABSENT;
    }
    boolean hasRoom = directories.size() < DIRECTORIES_MAX;
    if (hasRoom && (first || isHead && trees.hasLike(offer))) {
      directories.put(directory, isHead ? Optional.of(offer) : Optional.empty());
      return Finding.LATER;
    }
    return mayHoldOldFiles(offer) ? Finding.DIFFERS : Finding.ABSENT;
  }

  private boolean waits(TreePath directory) {
    if (directories.isEmpty()) {
      return false;
    }
    return isWithin(directory, directories.keySet());
  }

  private static boolean isWithin(TreePath directory, Set<TreePath> others) {
    for (TreePath at = directory; !at.isRoot(); at = at.parent()) {
      if (others.contains(at)) {
        return true;
      }
    }
    return false;
  }

  /** A listing without content costs a round trip more; that has to be worth it. */
  private boolean mayHoldOldFiles(Offer offer) {
    long worth = extras.files() * ENTRIES_BY_FILE;
    if (first || worth == 0 || listed + offer.entries() > ENTRIES_FREE + worth) {
      return false;
    }
    listed += offer.entries();
    return true;
  }

  /** Tells whether directories wait. */
  synchronized boolean areDirectoriesWaiting() {
    return !directories.isEmpty();
  }

  /**
   * Directories that waited and go on now. Those below another, which may have come before it, are
   * forgotten: the source comes upon them again.
   */
  synchronized List<Offer> nextRound() throws LinuxException {
    first = false;
    slices = 0;
    entries = 0;
    var round = new ArrayList<Offer>();
    for (TreePath directory : List.copyOf(directories.keySet())) {
      if (round.size() == Revisit.VERDICTS_MAX) {
        break;
      }
      if (!waits(directory.parent())) {
        Optional.ofNullable(directories.get(directory)).flatMap(head -> head).ifPresent(round::add);
      }
    }
    Set<TreePath> taken = round.stream().map(Offer::directory).collect(toSet());
    directories.keySet().removeIf(directory -> isWithin(directory, taken));
    directories.values().removeIf(Optional::isEmpty);
    if (extras.entries() == 0) {
      open = false;
    }
    return round;
  }

  /** Takes in what vanished since. */
  synchronized void search() throws LinuxException {
    trees.search();
  }

  /** What a directory seems to have been called before, or null; nobody else gets it. */
  synchronized @Nullable TreePath take(Offer offer) throws IOException {
    return trees.take(offer);
  }
}
