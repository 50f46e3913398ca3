package io.driftless.source.watch;

import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.PathFinder;
import io.driftless.protocol.linux.PathFinder.Answer;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells where in which volumes the directories of events lie. Used under the {@link Watcher}'s
 * lock, and by its thread.
 */
final class Locator {
  /*
   * Why no change is missed. A handle is turned into the path that the directory has now, and that
   * is compared with the path that the root has now. The two are read one after the other, so:
   *
   * - A path that is not below the root is believed only if the root is where it was when looked at
   *   again. If it isn't, the volume is in doubt, which covers whatever was misjudged.
   * - A path that is below may be outdated at once, if a directory above is renamed meanwhile. Then
   *   the event of that renaming is not drained yet. It clears what is remembered here, and tells
   *   the sink, who knows that hints move along with a directory.
   * - What is remembered is right until a directory is renamed. Each renaming of a directory on the
   *   file system, inside or outside, clears all of it; so does an overflow, which may hide one.
   * - A directory that is gone has no path. Its own deletion was an event in the directory that held
   *   it, which is later in the queue, and if that is gone as well, so on up to one that is there.
   *   Where another one of the same name was made since, that is an event as well, and all below it
   *   has to be looked at.
   *
   * A bind mount of a part of the file system is asked for paths by its own mount. Those outside of
   * that part come as if they began at the top, and may look like paths in the volume: a hint too
   * many, never one too few.
   */

  /** A directory in a volume; not exact where only some directory above it is known. */
  record Place(WatchedRoot root, TreePath path, boolean isExact) {}

  private static final int REMEMBERED_MAX = 8192;
  private static final List<Place> NOWHERE = List.of();

  private final List<WatchedRoot> roots;
  private final PathFinder finder = new PathFinder();
  private final HandleKey probe = new HandleKey();
  private final Map<HandleKey, List<Place>> remembered = new Recent<>(REMEMBERED_MAX);

  /** The list is the owner's, who calls {@link #forget} when it has changed. */
  Locator(List<WatchedRoot> roots) {
    this.roots = roots;
  }

  /** Where the directory of an event lies; empty outside of all volumes. */
  List<Place> placesOf(FanotifyEvents events, FanotifyEvents.Entry entry) {
    probe.of(events.bytes(), entry.handleAt(), entry.handleLength());
    List<Place> places = remembered.get(probe);
    return places != null ? places : find(events.addressOf(entry.handleAt()));
  }

  private List<Place> find(long handle) {
    HandleKey key = probe.copy();
    List<Place> places = new ArrayList<>(1);
    boolean isLasting = true;
    byte @Nullable [] path = null;
    Answer answer = Answer.GONE;
    long mountId = 0;
    for (WatchedRoot root : roots) {
      if (path == null || root.path().status().mountId() != mountId || mountId == 0) {
        answer = finder.find(root.fd(), handle);
        path = finder.path();
        mountId = root.path().status().mountId();
      }
      switch (answer) {
        case FOUND, SOMEWHERE_BELOW -> add(places, root, path, answer == Answer.FOUND);
        case GONE -> isLasting = false;
        case UNKNOWN -> {
          isLasting = false;
          root.sink().inDoubt("a directory in which something changed can't be found");
        }
      }
    }
    List<Place> found = places.isEmpty() ? NOWHERE : List.copyOf(places);
    if (isLasting) {
      remembered.put(key, found);
    }
    return found;
  }

  private void add(List<Place> places, WatchedRoot root, byte[] path, boolean isExact) {
    TreePath relative = root.path().relative(path);
    if (relative == null && !isInPlace(root)) {
      relative = root.path().relative(path);
    }
    if (relative != null) {
      places.add(new Place(root, relative, isExact));
    }
  }

  /** One of the names of a file that an event has no name for, in the volumes that it lies in. */
  List<Place> filesOf(FanotifyEvents events, FanotifyEvents.Entry entry) {
    List<Place> places = new ArrayList<>(1);
    long handle = events.addressOf(entry.handleAt());
    for (WatchedRoot root : roots) {
      Answer answer = finder.findFile(root.fd(), handle);
      if (answer == Answer.FOUND) {
        add(places, root, finder.path(), true);
      } else if (answer == Answer.UNKNOWN && finder.inode() != 0) {
        root.sink().changedInode(finder.inode());
      } else if (answer == Answer.UNKNOWN) {
        root.sink().inDoubt("a file that changed can't be found");
      }
    }
    return places;
  }

  /** Whether a name leads to the inode of an event still, or to no other one that has a name. */
  boolean leadsTo(FanotifyEvents events, Place place, Name name) {
    long handle = events.addressOf(events.inode().handleAt());
    if (finder.findFile(place.root().fd(), handle) == Answer.GONE) {
      return true;
    }
    try (Directory directory = place.root().root().openIfPresent(place.path())) {
      FileStatus status = directory == null ? null : directory.statusIfPresent(name);
      return status != null && status.inode() == finder.inode();
    } catch (LinuxException e) {
      return false;
    }
  }

  /** Looks whether the roots are where they were, and believes nothing of what it knew. */
  void forget() {
    remembered.clear();
    roots.forEach(this::isInPlace);
  }

  private boolean isInPlace(WatchedRoot root) {
    boolean isInPlace = root.path().isInPlace(finder);
    if (!isInPlace) {
      remembered.clear();
      root.sink().inDoubt("the root of the volume, or a directory above it, has been moved");
    }
    return isInPlace;
  }
}
