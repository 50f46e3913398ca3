package io.driftless.source.scan;

import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the names of one inode together: the first one that the walk meets carries the content,
 * the others are linked to it in the end. Thread-safe.
 *
 * <p>Keeps a bounded number of names in memory; beyond that all of them go to a temporary database,
 * so that a tree may have any number of links.
 */
public final class LinkTable implements AutoCloseable {
  /** About 40 MB where paths are long. */
  public static final int NAMES_IN_MEMORY = 256 * 1024;

  private final Path scratch;
  private final int namesMax;
  private final Map<Inode, Group> groups = new HashMap<>();
  private int names;
  private @Nullable LinkSpill spill;

  /**
   * An empty table.
   *
   * @param scratch directory for what does not fit into memory; nothing stays in it
   * @param namesMax names to keep in memory
   */
  public LinkTable(Path scratch, int namesMax) {
    this.scratch = scratch;
    this.namesMax = namesMax;
  }

  /**
   * What tells an inode from all others, also from one that had its number before.
   *
   * @param birth when it was made, as far as the file system knows
   */
  record Inode(long device, long number, long birth) {
    static Inode of(FileStatus status) {
      long birth =
          status.hasBirthTime() ? status.birthSeconds() * 1_000_000_000 + status.birthNanos() : 0;
      return new Inode(status.device(), status.inode(), birth);
    }
  }

  private static final class Group {
    private final TreePath first;
    private final Set<TreePath> others = new LinkedHashSet<>();

    /** Where the group is in the database, 0 if it isn't. */
    private final long spilled;

    Group(TreePath first, long spilled) {
      this.first = first;
      this.spilled = spilled;
    }
  }

  /** The names of one inode, or some of them. */
  public interface Links {
    void accept(TreePath first, List<TreePath> others) throws IOException, InterruptedException;
  }

  /**
   * The part that a name of a regular file plays; always the same for the same name.
   *
   * @throws IOException if the names can't be kept
   */
  LinkRole role(FileStatus status, TreePath directory, Name name) throws IOException {
    return status.linkCount() < 2 ? LinkRole.ONLY : role(Inode.of(status), directory.resolve(name));
  }

  synchronized LinkRole role(Inode inode, TreePath path) throws IOException {
    Group group = groups.get(inode);
    if (group == null) {
      group = spill == null ? null : find(spill, inode);
      if (group == null) {
        group = new Group(path, 0);
      }
      groups.put(inode, group);
      names++;
    }
    LinkRole role = LinkRole.FIRST;
    if (!group.first.equals(path)) {
      role = LinkRole.LATER;
      names += group.others.add(path) ? 1 : 0;
    }
    if (names > namesMax) {
      spillAll();
    }
    return role;
  }

  private static @Nullable Group find(LinkSpill spill, Inode inode) throws IOException {
    LinkSpill.Found found = spill.find(inode);
    return found == null ? null : new Group(found.first(), found.group());
  }

  private LinkSpill spillAll() throws IOException {
    LinkSpill to = spill;
    if (to == null) {
      to = LinkSpill.in(scratch);
      spill = to;
    }
    for (Map.Entry<Inode, Group> entry : groups.entrySet()) {
      Group group = entry.getValue();
      long id = group.spilled != 0 ? group.spilled : to.add(entry.getKey(), group.first);
      for (TreePath other : group.others) {
        to.add(id, other);
      }
    }
    to.commit();
    groups.clear();
    names = 0;
    return to;
  }

  /** Tells all groups of several names that were met; a large one in several pieces. */
  public synchronized void forEach(int othersMax, Links links)
      throws IOException, InterruptedException {
    if (spill != null) {
      spillAll().forEach(othersMax, links);
      return;
    }
    for (Group group : groups.values()) {
      var others = new ArrayList<>(group.others);
      for (int from = 0; from < others.size(); from += othersMax) {
        int to = Math.min(others.size(), from + othersMax);
        links.accept(group.first, List.copyOf(others.subList(from, to)));
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    groups.clear();
    if (spill != null) {
      spill.close();
      spill = null;
    }
  }
}
