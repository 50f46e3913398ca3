package io.driftless.source.agent;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Changes;
import io.driftless.source.scan.Itinerary.Manner;
import io.driftless.source.watch.DirtySet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is true of a volume: which changes, made when, are not on the target. Changes it at random,
 * and tells of that as the kernel does.
 */
final class SimulatedVolume {
  private static final List<String> DIRECTORIES = List.of("a", "b", "a/c", "a/c/d", "e");
  private static final int NAMES = 6;

  private final SplittableRandom random;
  private final LongSupplier nanoTime;
  private final TreeMap<TreePath, Deque<Long>> missing =
      new TreeMap<>(Comparator.comparing(TreePath::toString));
  private int moves;

  SimulatedVolume(SplittableRandom random, LongSupplier nanoTime) {
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /** Something changes; returns what. */
  String change(DirtySet dirty) {
    TreePath directory = anyDirectory();
    Name name = Name.of("f" + random.nextInt(NAMES));
    TreePath path = directory.resolve(name);
    int what = random.nextInt(14);
    if (what < 13) {
      changed(what == 10 || what == 11 ? directory : path);
    }
    switch (what) {
      case 0, 1, 2, 3 -> dirty.closed(directory, name);
      case 4, 5, 6 -> dirty.writing(directory, name);
      case 7, 8 -> dirty.changed(directory, name);
      case 9 -> dirty.appeared(directory, name);
      case 10 -> {
        dirty.changedDirectory(directory);
        return "directory " + directory;
      }
      case 11 -> {
        dirty.tree(directory);
        return "tree " + directory;
      }
      case 12 -> {
        TreePath other = anyDirectory().resolve(Name.of("f" + random.nextInt(NAMES)));
        changed(other);
        dirty.renamed(directory, name, other.parent(), other.name());
        return "rename " + path + " to " + other;
      }
      default -> {
        return moveTree(dirty);
      }
    }
    return "change " + path;
  }

  private TreePath anyDirectory() {
    return random.nextInt(NAMES) == 0
        ? TreePath.ROOT
        : TreePath.of(DIRECTORIES.get(random.nextInt(DIRECTORIES.size())));
  }

  /** What is missing below a directory is missing below its new name. */
  private String moveTree(DirtySet dirty) {
    TreePath from = TreePath.of(DIRECTORIES.get(random.nextInt(DIRECTORIES.size())));
    TreePath to = TreePath.ROOT.resolve(Name.of("moved" + moves++));
    for (TreePath path : List.copyOf(missing.keySet())) {
      if (path.depth() > from.depth() && path.startsWith(from)) {
        TreePath moved = to;
        for (Name each : path.names().subList(from.depth(), path.depth())) {
          moved = moved.resolve(each);
        }
        missing.put(moved, missing.remove(path));
      }
    }
    changed(from);
    changed(to);
    dirty.renamed(from.parent(), from.name(), to.parent(), to.name());
    return "move " + from + " to " + to;
  }

  /** Something changes, and nobody hears of it. */
  void changeUnnoticed() {
    changed(anyDirectory().resolve(Name.of("unnoticed" + random.nextInt(NAMES))));
  }

  private void changed(TreePath path) {
    missing.computeIfAbsent(path, _ -> new ArrayDeque<>()).add(nanoTime.getAsLong());
  }

  /** Of what was shipped, these have to come again. */
  Set<TreePath> some(Changes changes, int oneIn) {
    return missing.keySet().stream()
        .filter(path -> !path.isRoot() && isAmong(changes, path))
        .filter(_ -> random.nextInt(oneIn) == 0)
        .collect(Collectors.toSet());
  }

  /** Of everything that is missing, some. */
  Set<TreePath> some(int oneIn) {
    return missing.keySet().stream()
        .filter(path -> !path.isRoot() && random.nextInt(oneIn) == 0)
        .collect(Collectors.toSet());
  }

  /** As they were at that moment, these changes have arrived, without some. */
  void arrived(Changes changes, long moment, Set<TreePath> without) {
    arrived(path -> isAmong(changes, path) && !without.contains(path), moment);
  }

  /** Everything has, as it was at that moment. */
  void allArrived(long moment, Set<TreePath> without) {
    arrived(path -> !without.contains(path), moment);
  }

  private void arrived(Predicate<TreePath> which, long moment) {
    for (var entry : new ArrayList<>(missing.entrySet())) {
      if (which.test(entry.getKey())) {
        entry.getValue().removeIf(at -> at <= moment);
      }
    }
    missing.values().removeIf(Deque::isEmpty);
  }

  private static boolean isAmong(Changes changes, TreePath path) {
    if (changes.names().containsKey(path) || changes.trees().stream().anyMatch(path::startsWith)) {
      return true;
    }
    for (TreePath at = path; !at.isRoot(); at = at.parent()) {
      var beside = changes.names().get(at.parent());
      Manner manner = beside == null ? null : beside.get(at.name());
      if (manner != null && (at.equals(path) || manner != Manner.TOUCHED)) {
        return true;
      }
    }
    return false;
  }

  /** When the oldest change was made that is missing. */
  OptionalLong oldest() {
    return missing.values().stream().flatMap(Deque::stream).mapToLong(Long::longValue).min();
  }

  @Override
  public String toString() {
    return missing.toString();
  }
}
