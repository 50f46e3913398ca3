package io.driftless.source.watch;

import static io.driftless.protocol.linux.Fanotify.ATTRIB;
import static io.driftless.protocol.linux.Fanotify.CLOSE_WRITE;
import static io.driftless.protocol.linux.Fanotify.CREATE;
import static io.driftless.protocol.linux.Fanotify.DELETE;
import static io.driftless.protocol.linux.Fanotify.MODIFY;
import static io.driftless.protocol.linux.Fanotify.MOVED_FROM;
import static io.driftless.protocol.linux.Fanotify.MOVED_TO;
import static io.driftless.protocol.linux.Fanotify.ON_DIRECTORY;
import static io.driftless.protocol.linux.Fanotify.OVERFLOW;
import static io.driftless.protocol.linux.Fanotify.RENAME;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.EventQueue;
import io.driftless.protocol.linux.Fanotify;
import io.driftless.protocol.linux.FileSystem;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.linux.MountTable;
import io.driftless.protocol.linux.PathFinder;
import io.driftless.protocol.tree.Name;
import io.driftless.source.watch.FanotifyEvents.Entry;
import io.driftless.source.watch.Locator.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The changes of one file system, by one fanotify mark, for all volumes that lie on it. */
final class FileSystemFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(FileSystemFeed.class);

  private static final long MOVES = RENAME | MOVED_FROM | MOVED_TO;

  private final Fanotify fanotify;
  private final long id;
  private final List<WatchedRoot> roots = new ArrayList<>();
  private final Locator locator = new Locator(roots);
  private final FanotifyEvents events = new FanotifyEvents();

  /** Inodes that have lost a name, or got one. */
  private final RecentInodes relinked = new RecentInodes();

  private final RecentInodes written = new RecentInodes();
  private long overflows;

  private FileSystemFeed(Fanotify fanotify, FileSystem fileSystem) {
    this.fanotify = fanotify;
    this.id = fileSystem.id();
  }

  /**
   * Marks the file system of a volume.
   *
   * @throws LinuxException where fanotify can't be had for it
   */
  static FileSystemFeed of(WatchedRoot first) throws LinuxException {
    Fanotify fanotify = Fanotify.open();
    try {
      mark(fanotify, first);
      return new FileSystemFeed(fanotify, first.fd().fileSystem());
    } catch (LinuxException e) {
      fanotify.close();
      throw e;
    }
  }

  /** A subvolume of btrfs has an id of its own, and only the top's is accepted. */
  private static void mark(Fanotify fanotify, WatchedRoot first) throws LinuxException {
    try {
      fanotify.markFileSystem(first.fd());
    } catch (LinuxException refused) {
      if (refused.errno() != Errno.EXDEV || !isTopMarked(fanotify, first)) {
        throw refused;
      }
    }
  }

  private static boolean isTopMarked(Fanotify fanotify, WatchedRoot first) throws LinuxException {
    MountTable mounts = MountTable.read();
    long mountId = first.path().status().mountId();
    for (byte[] path : mounts.topsOf(mountId)) {
      try (ConfinedRoot top = ConfinedRoot.open(path)) {
        if (mounts.isSameFileSystem(mountId, top.fd().status().mountId())) {
          fanotify.markFileSystem(top.fd());
          return true;
        }
      } catch (LinuxException e) {
        LOG.debug("the top of the file system can't be marked: {}", e.getMessage());
      }
    }
    return false;
  }

  void add(WatchedRoot root) {
    roots.add(root);
    root.path().isInPlace(new PathFinder());
    locator.forget();
  }

  @Override
  public boolean remove(WatchedRoot root) {
    roots.remove(root);
    locator.forget();
    return roots.isEmpty();
  }

  /** Tells whether a volume lies on the file system that is marked. */
  boolean marks(WatchedRoot root) throws LinuxException {
    return root.fd().fileSystem().id() == id;
  }

  @Override
  public EventQueue queue() {
    return fanotify;
  }

  @Override
  public List<WatchedRoot> roots() {
    return roots;
  }

  @Override
  public long overflows() {
    return overflows;
  }

  @Override
  public void drain() throws UnwatchableException {
    try {
      long left = fanotify.eventsWaiting();
      while (left > 0 && events.read(fanotify)) {
        while (events.next()) {
          take();
          left--;
        }
      }
    } catch (LinuxException e) {
      throw Limits.ofFanotify(e);
    }
  }

  private void take() {
    if (events.has(OVERFLOW)) {
      overflows++;
      locator.forget();
      doubt("the kernel's queue of changes overflowed");
      return;
    }
    if (events.isMalformed()) {
      locator.forget();
      doubt("the kernel told of a change in a way that is not understood");
      return;
    }
    if (events.has(MOVES) && events.has(ON_DIRECTORY)) {
      locator.forget();
    }
    if (events.has(RENAME)) {
      rename();
    }
    Entry named = events.named();
    if (named.isThere()) {
      tellOf(named);
    } else if (events.inode().isThere() && !events.has(RENAME)) {
      tellOfUnnamed();
    }
  }

  private void doubt(String reason) {
    roots.forEach(root -> root.sink().inDoubt(reason));
  }

  private void tellOf(Entry named) {
    if (events.inode().isThere() && isWithoutName(named)) {
      tellOfUnnamed();
      return;
    }
    List<Place> places = locator.placesOf(events, named);
    if (places.isEmpty()) {
      return;
    }
    boolean isItself = named.nameLength() == 0 || isDot(named);
    for (Place place : places) {
      if (!place.isExact()) {
        tellOfTree(place);
      } else if (isItself) {
        place.root().sink().changedDirectory(place.path());
      } else {
        tell(place, nameOf(named));
      }
    }
    if (events.inode().isThere() && !isItself) {
      tellOfOtherNames(named, places);
    }
  }

  /**
   * Whoever opened a file by a name that it has lost since goes on writing under that name, and the
   * kernel knows no better.
   */
  private void tellOfOtherNames(Entry named, List<Place> places) {
    if (events.has(DELETE)) {
      relinked.add(events);
    }
    if (events.has(MODIFY | CLOSE_WRITE)) {
      written.add(events);
    }
    if (events.has(MODIFY | CLOSE_WRITE | ATTRIB)
        && relinked.contains(events)
        && !locator.leadsTo(events, places.getFirst(), nameOf(named))) {
      tellOfUnnamed();
    }
  }

  /**
   * A directory that was made may be the second of its name: what was in the first one and went
   * with it could not be told of any more. On btrfs it may be a snapshot, too, and full at once.
   */
  private void tell(Place place, Name name) {
    if (RootPath.isOurOwn(place.path(), name)) {
      return;
    }
    ChangeSink sink = place.root().sink();
    if (events.has(ON_DIRECTORY) && events.has(MOVED_TO | CREATE)) {
      sink.appeared(place.path(), name);
    } else if (events.has(CLOSE_WRITE)) {
      sink.closed(place.path(), name);
    } else if (events.has(CREATE | MODIFY)) {
      sink.writing(place.path(), name);
    } else {
      sink.changed(place.path(), name);
    }
  }

  /** Something somewhere below, where paths are too long to be told. */
  private static void tellOfTree(Place place) {
    if (place.path().isRoot()) {
      place.root().sink().inDoubt("something changed at a path that is too long to be told");
    } else {
      place.root().sink().appeared(place.path().parent(), place.path().name());
    }
  }

  /**
   * A file that was made without a name keeps being called {@code #} and its inode's number by
   * whoever had it open then, even when it has got a name since.
   */
  private boolean isWithoutName(Entry named) {
    byte[] bytes = events.bytes();
    if (named.nameLength() < 2
        || bytes[named.nameAt()] != '#'
        || events.has(CREATE | DELETE | MOVES | ON_DIRECTORY)) {
      return false;
    }
    for (int i = 1; i < named.nameLength(); i++) {
      if (bytes[named.nameAt() + i] < '0' || bytes[named.nameAt() + i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** What was written under a name that is lost by now is in the file that has others. */
  private void tellOfUnnamed() {
    relinked.add(events);
    boolean isWritten = written.contains(events);
    for (Place file : locator.filesOf(events, events.inode())) {
      if (file.path().isRoot()) {
        continue;
      }
      if (isWritten) {
        file.root().sink().closed(file.path().parent(), file.path().name());
      } else {
        tell(new Place(file.root(), file.path().parent(), true), file.path().name());
      }
    }
  }

  private void rename() {
    if (!events.old().isThere() || !events.renamed().isThere()) {
      doubt("the kernel told of a renaming without both names");
      return;
    }
    List<Place> froms = locator.placesOf(events, events.old());
    List<Place> tos = locator.placesOf(events, events.renamed());
    if (froms.isEmpty() && tos.isEmpty()) {
      return;
    }
    Name from = nameOf(events.old());
    Name to = nameOf(events.renamed());
    for (WatchedRoot root : roots) {
      renameIn(placeIn(froms, root), from, placeIn(tos, root), to);
    }
  }

  private void renameIn(@Nullable Place from, Name old, @Nullable Place to, Name name) {
    boolean isWithin = isTold(from, old) && isTold(to, name);
    if (isWithin && from != null && to != null) {
      from.root().sink().renamed(from.path(), old, to.path(), name);
      return;
    }
    if (from != null) {
      leave(from, old);
    }
    if (to != null) {
      arrive(to, name);
    }
  }

  private static boolean isTold(@Nullable Place place, Name name) {
    return place != null && place.isExact() && !RootPath.isOurOwn(place.path(), name);
  }

  private static void leave(Place from, Name old) {
    if (!from.isExact()) {
      tellOfTree(from);
    } else if (isTold(from, old)) {
      from.root().sink().changed(from.path(), old);
    }
  }

  private void arrive(Place to, Name name) {
    if (!to.isExact()) {
      tellOfTree(to);
    } else if (isTold(to, name) && events.has(ON_DIRECTORY)) {
      to.root().sink().appeared(to.path(), name);
    } else if (isTold(to, name)) {
      to.root().sink().changed(to.path(), name);
    }
  }

  private static @Nullable Place placeIn(List<Place> places, WatchedRoot root) {
    for (Place place : places) {
      if (place.root() == root) {
        return place;
      }
    }
    return null;
  }

  private boolean isDot(Entry entry) {
    return entry.nameLength() == 1 && events.bytes()[entry.nameAt()] == '.';
  }

  private Name nameOf(Entry entry) {
    return Name.of(events.bytes(), entry.nameAt(), entry.nameLength());
  }

  @Override
  public void close() {
    fanotify.close();
  }
}
