package io.driftless.source.watch;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary;
import io.driftless.source.scan.Itinerary.Manner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has changed in a volume and is not known to be durable on the target. Bounded: too much
 * becomes doubt about the volume, which a pass by witness settles at the cost of what has changed.
 * Thread-safe; nothing here waits.
 *
 * <p>A change after quiet is due at once, or as soon as its writer has closed the file; one that
 * follows another within {@link #QUIET} settles. Times are monotonic, in nanoseconds.
 */
public final class DirtySet implements ChangeSink {
  /** After this time without a change an entry has settled. */
  static final Duration QUIET = Duration.ofMillis(50);

  /** A file that is written to all the time, and kept open, goes so long after its first change. */
  static final Duration PATIENCE = Duration.ofMillis(250);

  private static final int ENTRIES_MAX = 200_000;

  private final LongSupplier nanoTime;
  private final Runnable sooner;
  private final int entriesMax;

  /** In the order of their first change, directory by directory. */
  private final Map<TreePath, Map<Name, Dirt>> names = new LinkedHashMap<>();

  /** Directories that changed themselves. */
  private final Map<TreePath, Dirt> directories = new LinkedHashMap<>();

  private final Map<TreePath, Dirt> trees = new LinkedHashMap<>();

  private final Settling settling = new Settling(QUIET);
  private int size;
  private long earliestDue = Long.MAX_VALUE;
  private @Nullable Batch taken;
  private OptionalLong doubtSince = OptionalLong.empty();
  private String doubt = "";
  private Unrest unrest = Unrest.UNHEARD;

  /**
   * A clean set.
   *
   * @param sooner told when something is due earlier than everything was before; must not block,
   *     and not call back
   */
  public DirtySet(LongSupplier nanoTime, Runnable sooner) {
    this(nanoTime, sooner, ENTRIES_MAX);
  }

  DirtySet(LongSupplier nanoTime, Runnable sooner, int entriesMax) {
    this.nanoTime = nanoTime;
    this.sooner = sooner;
    this.entriesMax = entriesMax;
  }

  /**
   * Changes that are being shipped. They stay dirty until they are reported as {@link #shipped}.
   *
   * @param since the oldest of them was noticed
   */
  public record Batch(Itinerary.Changes changes, int entries, long since) {}

  @Override
  public void changed(TreePath directory, Name name) {
    add(directory, name, Manner.TOUCHED, 0);
  }

  @Override
  public void writing(TreePath directory, Name name) {
    add(directory, name, Manner.WRITTEN, QUIET.toNanos());
  }

  @Override
  public void closed(TreePath directory, Name name) {
    add(directory, name, Manner.WRITTEN, 0);
  }

  @Override
  public void changedDirectory(TreePath directory) {
    long now = nanoTime.getAsLong();
    boolean isSooner;
    synchronized (this) {
      addWhole(directories, directory, new Dirt(now, Manner.TOUCHED, now));
      requireRoom(now);
      isSooner = due(now);
    }
    tell(isSooner);
  }

  @Override
  public void renamed(TreePath fromDirectory, Name from, TreePath toDirectory, Name to) {
    TreePath before = fromDirectory.resolve(from);
    long since;
    synchronized (this) {
      since = Math.min(nanoTime.getAsLong(), sinceBelow(before));
      move(before, toDirectory.resolve(to));
      unrest.tree(before);
    }
    changed(fromDirectory, from);
    add(toDirectory, to, Manner.ARRIVED, 0, since);
  }

  /** Since when something is dirty, or on its way, that is called otherwise from now on. */
  private long sinceBelow(TreePath before) {
    Dirt dirt = names.getOrDefault(before.parent(), Map.of()).get(before.name());
    long since = dirt == null ? Long.MAX_VALUE : dirt.since;
    Batch batch = taken;
    return batch == null || !Subtrees.holds(batch.changes(), before)
        ? since
        : Math.min(since, batch.since());
  }

  /** Lets what is dirty below a directory be so below its new name. */
  private void move(TreePath before, TreePath after) {
    var below = names.keySet().stream().filter(directory -> directory.startsWith(before)).toList();
    for (TreePath directory : below) {
      Map<Name, Dirt> moved = Objects.requireNonNull(names.remove(directory));
      size--;
      size -= moved.size();
      Map<Name, Dirt> there = beside(Subtrees.rebased(directory, before, after));
      moved.forEach((name, dirt) -> merge(there, name, dirt));
    }
    moveWhole(directories, before, after);
    moveWhole(trees, before, after);
  }

  private void moveWhole(Map<TreePath, Dirt> whole, TreePath before, TreePath after) {
    for (TreePath path : whole.keySet().stream().filter(path -> path.startsWith(before)).toList()) {
      Dirt dirt = Objects.requireNonNull(whole.remove(path));
      size--;
      addWhole(whole, Subtrees.rebased(path, before, after), dirt);
    }
  }

  @Override
  public void appeared(TreePath directory, Name name) {
    add(directory, name, Manner.ARRIVED, 0);
  }

  @Override
  public void changedInode(long inode) {
    inDoubt("a file changed whose name is not known");
  }

  /** A directory appeared with whatever is in it. */
  public void tree(TreePath directory) {
    tree(directory, nanoTime.getAsLong());
  }

  /**
   * As {@link #tree(TreePath)}.
   *
   * @param since it is dirty already
   */
  public void tree(TreePath directory, long since) {
    long now = nanoTime.getAsLong();
    boolean isSooner;
    synchronized (this) {
      addWhole(trees, directory, new Dirt(since, Manner.WRITTEN, now));
      requireRoom(now);
      isSooner = due(now);
    }
    tell(isSooner);
  }

  private void addWhole(Map<TreePath, Dirt> whole, TreePath directory, Dirt dirt) {
    Dirt known = whole.putIfAbsent(directory, dirt);
    if (whole == trees) {
      unrest.tree(directory);
    } else {
      unrest.directory(directory);
    }
    if (known == null) {
      size++;
    } else {
      known.since = Math.min(known.since, dirt.since);
    }
  }

  /** Only a pass over the whole volume helps. */
  @Override
  public void inDoubt(String reason) {
    inDoubt(reason, nanoTime.getAsLong());
  }

  /**
   * As {@link #inDoubt(String)}.
   *
   * @param since the last moment of which everything is known
   */
  public void inDoubt(String reason, long since) {
    synchronized (this) {
      doubt(reason, since);
      earliestDue = Long.MIN_VALUE;
    }
    sooner.run();
  }

  private void doubt(String reason, long since) {
    if (doubtSince.isEmpty()) {
      doubt = reason;
      doubtSince = OptionalLong.of(since);
    } else {
      doubtSince = OptionalLong.of(Math.min(doubtSince.getAsLong(), since));
    }
  }

  /** The names of a directory, which goes with them. */
  private Map<Name, Dirt> beside(TreePath directory) {
    unrest.directory(directory);
    return names.computeIfAbsent(
        directory,
        _ -> {
          size++;
          return new LinkedHashMap<>();
        });
  }

  private void add(TreePath directory, Name name, Manner manner, long delay) {
    add(directory, name, manner, delay, Long.MAX_VALUE);
  }

  private void add(TreePath directory, Name name, Manner manner, long delay, long since) {
    long now = nanoTime.getAsLong();
    boolean isSooner;
    synchronized (this) {
      Map<Name, Dirt> beside = beside(directory);
      Dirt dirt = beside.get(name);
      unrest.name(directory, name, manner);
      if (dirt == null) {
        dirt =
            new Dirt(
                Math.min(now, since),
                manner,
                now + Math.max(delay, settling.nanosLeft(directory, name, now)));
        beside.put(name, dirt);
        size++;
        requireRoom(now);
      } else {
        dirt.since = Math.min(dirt.since, since);
        dirt.changed(now, manner, delay, settling.nanosLeft(directory, name, now));
      }
      isSooner = due(dirt.due);
    }
    tell(isSooner);
  }

  /** Lets a file rest that is costly to read: until then it is not due again. */
  public synchronized void cool(TreePath path, Duration rest) {
    settling.rest(path, nanoTime.getAsLong() + rest.toNanos());
  }

  private void requireRoom(long now) {
    if (size > entriesMax) {
      doubt("more than %,d changes at a time".formatted(entriesMax), oldest().orElse(now));
      names.clear();
      directories.clear();
      trees.clear();
      size = 0;
      earliestDue = Long.MIN_VALUE;
    }
  }

  private boolean due(long at) {
    if (at >= earliestDue) {
      return false;
    }
    earliestDue = at;
    return true;
  }

  private void tell(boolean isSooner) {
    if (isSooner) {
      sooner.run();
    }
  }

  /** Nanoseconds until something is due: 0 or less if something is, MAX_VALUE if nothing ever. */
  public synchronized long untilDue() {
    if (doubtSince.isPresent()) {
      return 0;
    }
    if (size == 0) {
      return Long.MAX_VALUE;
    }
    return earliestDue == Long.MIN_VALUE ? 0 : Math.max(0, earliestDue - nanoTime.getAsLong());
  }

  /** Takes what is due; null if nothing is, or something is being shipped. */
  public synchronized @Nullable Batch take(int entriesMax) {
    if (taken != null || size == 0) {
      return null;
    }
    var take = new Taking(nanoTime.getAsLong());
    take.trees(entriesMax);
    take.directories(entriesMax);
    take.names(entriesMax);
    earliestDue = size == 0 ? Long.MAX_VALUE : take.next;
    taken = take.batch();
    return taken;
  }

  /** One batch while it is put together. */
  private final class Taking {
    final long now;
    final Map<TreePath, Map<Name, Manner>> dueNames = new LinkedHashMap<>();
    final Set<TreePath> dueTrees = new HashSet<>();
    long since = Long.MAX_VALUE;
    long next = Long.MAX_VALUE;
    int entries;

    Taking(long now) {
      this.now = now;
    }

    void trees(int entriesMax) {
      whole(trees, entriesMax, dueTrees::add);
    }

    void directories(int entriesMax) {
      whole(directories, entriesMax, directory -> dueNames.put(directory, new HashMap<>()));
    }

    private void whole(Map<TreePath, Dirt> from, int entriesMax, Consumer<TreePath> taker) {
      for (var it = from.entrySet().iterator(); it.hasNext(); ) {
        var each = it.next();
        if (entries >= entriesMax) {
          next = now;
          return;
        }
        taker.accept(each.getKey());
        take(each.getValue());
        it.remove();
      }
    }

    void names(int entriesMax) {
      for (var it = names.entrySet().iterator(); it.hasNext(); ) {
        var beside = it.next();
        if (entries >= entriesMax) {
          next = now;
          return;
        }
        Map<Name, Manner> some = due(beside.getKey(), beside.getValue());
        if (beside.getValue().isEmpty()) {
          it.remove();
          size--;
        }
        if (!some.isEmpty()) {
          dueNames.put(beside.getKey(), some);
        }
      }
    }

    private Map<Name, Manner> due(TreePath directory, Map<Name, Dirt> beside) {
      var some = new HashMap<Name, Manner>();
      for (var each = beside.entrySet().iterator(); each.hasNext(); ) {
        var named = each.next();
        Dirt dirt = named.getValue();
        if (dirt.due > now) {
          next = Math.min(next, dirt.due);
          continue;
        }
        take(dirt);
        some.put(named.getKey(), dirt.manner);
        settling.taken(directory.resolve(named.getKey()), now);
        each.remove();
      }
      return some;
    }

    private void take(Dirt dirt) {
      since = Math.min(since, dirt.since);
      entries++;
      size--;
    }

    /** What lies below a directory that is walked needs no mention, and must not be told twice. */
    @Nullable Batch batch() {
      if (dueNames.isEmpty() && dueTrees.isEmpty()) {
        return null;
      }
      Set<TreePath> arrived = new HashSet<>();
      dueNames.forEach((directory, some) ->
          some.forEach((name, manner) -> {
            if (manner != Manner.TOUCHED) {
              arrived.add(directory.resolve(name));
            }
          }));
      dueTrees.removeAll(arrived); // their names have them walked
      Set<TreePath> walked = new HashSet<>(dueTrees);
      walked.addAll(arrived);
      dueNames.keySet().removeIf(directory -> Subtrees.isBelow(directory, walked));
      dueTrees.removeIf(tree -> !tree.isRoot() && Subtrees.isBelow(tree.parent(), walked));
      return new Batch(new Itinerary.Changes(dueNames, dueTrees), entries, since);
    }
  }

  /** What was taken is durable on the target. */
  public synchronized void shipped() {
    taken = null;
  }

  /** What was taken is as dirty as before. */
  public void failed() {
    boolean isSooner;
    synchronized (this) {
      Batch batch = taken;
      taken = null;
      if (batch == null) {
        return;
      }
      long now = nanoTime.getAsLong();
      batch
          .changes()
          .trees()
          .forEach(tree -> addWhole(trees, tree, new Dirt(batch.since(), Manner.WRITTEN, now)));
      batch
          .changes()
          .names()
          .forEach((directory, some) -> putBack(directory, some, batch.since(), now));
      isSooner = due(now);
    }
    tell(isSooner);
  }

  private void putBack(TreePath directory, Map<Name, Manner> some, long since, long now) {
    if (some.isEmpty()) {
      addWhole(directories, directory, new Dirt(since, Manner.TOUCHED, now));
      return;
    }
    Map<Name, Dirt> beside = beside(directory);
    some.forEach((name, manner) -> merge(beside, name, new Dirt(since, manner, now)));
  }

  /** Makes a name as dirty as both together, and due when the first of them is. */
  private void merge(Map<Name, Dirt> beside, Name name, Dirt other) {
    Dirt known = beside.putIfAbsent(name, other);
    if (known == null) {
      size++;
    } else {
      known.merge(other);
    }
  }

  /**
   * Makes an entry dirty again that did not hold still.
   *
   * @param since it is dirty already
   * @param delay before it is tried again
   */
  public synchronized void again(TreePath path, long since, Duration delay) {
    if (path.isRoot()) {
      return;
    }
    long due = nanoTime.getAsLong() + delay.toNanos();
    unsettled(path, Manner.WRITTEN);
    merge(beside(path.parent()), path.name(), new Dirt(since, Manner.WRITTEN, due));
    due(due);
  }

  /** An entry isn't dirty, and yet may differ on the target for a while. */
  public synchronized void unsettled(TreePath path) {
    unsettled(path, Manner.TOUCHED);
  }

  /** As {@link #unsettled(TreePath)}, for all entries of a directory. */
  public synchronized void unsettledIn(TreePath directory) {
    unrest.entries(directory);
  }

  /** From now on nobody is told of changes. */
  public synchronized void lose(String reason) {
    unrest.lose(reason);
  }

  private void unsettled(TreePath path, Manner manner) {
    if (!path.isRoot()) {
      unrest.name(path.parent(), path.name(), manner);
    }
  }

  /**
   * Has all told that is dirty or being shipped, now and from now on, instead of to another. What
   * is in doubt is told of only while a pass settles it.
   */
  public synchronized void tell(Unrest to) {
    unrest = to;
    trees.keySet().forEach(to::tree);
    forEachName(to::name);
    names.keySet().forEach(to::directory);
    if (taken != null) {
      taken.changes().trees().forEach(to::tree);
      taken.changes().names().keySet().forEach(to::directory);
    }
  }

  /** What is done with a name that is dirty or being shipped. */
  @FunctionalInterface
  private interface NameVisitor {
    void visit(TreePath directory, Name name, Manner manner);
  }

  private void forEachName(NameVisitor visitor) {
    names.forEach((directory, beside) ->
        beside.forEach((name, dirt) -> visitor.visit(directory, name, dirt.manner)));
    if (taken != null) {
      taken
          .changes()
          .names()
          .forEach((directory, beside) ->
              beside.forEach((name, manner) -> visitor.visit(directory, name, manner)));
    }
  }

  /** Nobody listens any more. */
  public synchronized void tellNobody() {
    unrest = Unrest.UNHEARD;
  }

  /** The names that are dirty or being shipped now. */
  public synchronized List<TreePath> paths() {
    var paths = new ArrayList<TreePath>();
    forEachName((directory, name, _) -> paths.add(directory.resolve(name)));
    return paths;
  }

  /** The reason for doubt, if there is any; empty text if there is none. */
  public synchronized String doubt() {
    return doubtSince.isPresent() ? doubt : "";
  }

  public synchronized boolean isInDoubt() {
    return doubtSince.isPresent();
  }

  /**
   * A pass over the whole volume begins: what is in doubt now will be known when it has ended well.
   */
  public synchronized Doubt beginPass() {
    var open = new Doubt(doubtSince, doubt);
    doubtSince = OptionalLong.empty();
    doubt = "";
    earliestDue = size == 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    return open;
  }

  /** What was in doubt when a pass began. */
  public record Doubt(OptionalLong since, String reason) {}

  /** The pass did not end well. */
  public void doubtAgain(Doubt earlier) {
    if (earlier.since().isPresent()) {
      inDoubt(earlier.reason(), earlier.since().getAsLong());
    }
  }

  /** How many entries are dirty, those included that are being shipped; 0 only if nothing is. */
  public synchronized int size() {
    return size + (taken == null ? 0 : Math.max(1, taken.entries()));
  }

  /** Since when something is dirty or in doubt; empty if nothing is. */
  public synchronized OptionalLong dirtySince() {
    OptionalLong oldest = oldest();
    if (doubtSince.isEmpty()) {
      return oldest;
    }
    return OptionalLong.of(Math.min(doubtSince.getAsLong(), oldest.orElse(doubtSince.getAsLong())));
  }

  private OptionalLong oldest() {
    long oldest = Long.MAX_VALUE;
    if (taken != null) {
      oldest = taken.since();
    }
    for (Map<TreePath, Dirt> whole : List.of(directories, trees)) {
      for (Dirt dirt : whole.values()) {
        oldest = Math.min(oldest, dirt.since);
      }
    }
    for (Map<Name, Dirt> beside : names.values()) {
      for (Dirt dirt : beside.values()) {
        oldest = Math.min(oldest, dirt.since);
      }
    }
    return oldest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(oldest);
  }
}
