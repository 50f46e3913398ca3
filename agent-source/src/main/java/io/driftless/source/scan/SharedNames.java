package io.driftless.source.scan;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.Itinerary.Manner;
import io.driftless.source.scan.LinkTable.Inode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Has all names of an inode go where one of them has changed, since only together they can be
 * brought over. Those that nothing was told of are looked for in the directories at hand first, and
 * in the whole volume as often as the {@link SearchPace} has it. Confined to one thread.
 */
final class SharedNames {
  /** What a shipment carries of them at the most. */
  private static final int NAMES_MAX = 64 * 1024;

  private final WalkContext context;
  private final Visitor visitor;

  SharedNames(WalkContext context, Visitor visitor) {
    this.context = context;
    this.visitor = visitor;
  }

  /** The names that are still to be listed, by the directories that hold them. */
  Map<TreePath, Map<Name, Manner>> missing(SearchPace pace) throws InterruptedException {
    Map<Inode, Map<TreePath, Manner>> changed = context.sightings().shared();
    Map<Inode, Set<TreePath>> listed = context.links().names(NAMES_MAX);
    if (listed == null) {
      context.sightings().tooManyNames();
      return Map.of();
    }
    var inodes = new HashSet<>(changed.keySet());
    inodes.addAll(listed.keySet());
    var search = new NameSearch(visitor, inodes);
    search.look(directoriesOf(changed.values(), listed.values()));
    boolean isEverything = search.isComplete();
    if (!isEverything && (!listed.isEmpty() || pace.rest().isZero())) {
      pace.timed(search::lookEverywhere);
      isEverything = true;
    }
    var missing = new HashMap<TreePath, Map<Name, Manner>>();
    for (Inode inode : inodes) {
      Map<TreePath, Manner> ofChanged = changed.getOrDefault(inode, Map.of());
      if (!isEverything && !search.isComplete(inode)) {
        context.sightings().postponed(ofChanged.keySet());
        continue;
      }
      var names = new HashSet<>(search.names(inode));
      names.addAll(ofChanged.keySet());
      context.sightings().relinked(names);
      names.removeAll(listed.getOrDefault(inode, Set.of()));
      Manner manner = ofChanged.values().stream().reduce(Manner.TOUCHED, Manner::and);
      names.forEach(path ->
          missing.computeIfAbsent(path.parent(), _ -> new HashMap<>()).put(path.name(), manner));
    }
    if (missing.values().stream().mapToInt(Map::size).sum() > NAMES_MAX) {
      context.sightings().tooManyNames();
      return Map.of();
    }
    return missing;
  }

  private static Set<TreePath> directoriesOf(
      Collection<Map<TreePath, Manner>> changed, Collection<Set<TreePath>> listed) {
    var directories = new HashSet<TreePath>();
    changed.forEach(names -> names.keySet().forEach(path -> directories.add(path.parent())));
    listed.forEach(names -> names.forEach(path -> directories.add(path.parent())));
    return directories;
  }
}
