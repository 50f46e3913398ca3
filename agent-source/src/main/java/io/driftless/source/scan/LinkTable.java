package io.driftless.source.scan;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings the names of one inode together: the first one that the walk meets carries the content,
 * the others are linked to it in the end. Thread-safe.
 *
 * <p>Keeps a bounded number of names and of groups in memory. Beyond that names are written to a
 * temporary database and sorted there in the end; groups, of which far more fit into memory, go
 * there only when these are too many as well.
 *
 * <p>A group is touched unless each of its names was merely met, in a slice that is as it was.
 */
public final class LinkTable implements AutoCloseable {
  private final Path scratch;
  private final Limits limits;
  private final SeededHash hash = new SeededHash(0);
  private final OpenGroups groups = new OpenGroups();
  private List<Member> members = new ArrayList<>();
  private final BitSet touched = new BitSet();
  private int groupCount;
  private @Nullable LinkSpill spill;

  /**
   * An empty table.
   *
   * @param scratch directory for what does not fit into memory; nothing stays in it
   */
  public LinkTable(Path scratch, Limits limits) {
    this.scratch = scratch;
    this.limits = limits;
  }

  /** What is kept in memory. */
  public record Limits(int names, int groups) {
    /** About 70 MB at the most. */
    public static final Limits DEFAULT = new Limits(128 * 1024, 1024 * 1024);
  }

  /**
   * What tells an inode from all others, also from one that had its number before.
   *
   * @param tag of its device and, as far as the file system knows, the time when it was made
   */
  record Inode(long number, long tag) {
    private static final long FACTOR = 0xff51afd7ed558ccdL;

    static Inode of(FileStatus status) {
      long birth =
          status.hasBirthTime() ? status.birthSeconds() * 1_000_000_000 + status.birthNanos() : 0;
      return new Inode(status.inode(), birth * FACTOR + status.device());
    }
  }

  /**
   * The names that were met, by their inodes.
   *
   * @param atMost names
   * @return null if there are more, or not all are at hand
   */
  synchronized @Nullable Map<Inode, Set<TreePath>> names(int atMost) {
    if (spill != null || members.size() > atMost) {
      return null;
    }
    var byGroup = new HashMap<Integer, Set<TreePath>>();
    for (Member member : members) {
      byGroup.computeIfAbsent(member.group(), _ -> new HashSet<>()).add(member.path());
    }
    var names = new HashMap<Inode, Set<TreePath>>();
    groups.forEach(
        (inode, group) -> names.put(inode, byGroup.getOrDefault(group.number(), Set.of())));
    return names;
  }

  /** Which groups are told. */
  public enum Selection {
    ALL,
    TOUCHED
  }

  /** A name of a group; the first one of each is added before the others. */
  record Member(int group, TreePath path) {}

  /** The names of one inode, or some of them. */
  public interface Links {
    void accept(TreePath first, List<TreePath> others) throws IOException, InterruptedException;
  }

  /**
   * The part that a name plays, which is not one of a directory; always the same for the same name.
   *
   * @throws IOException if the names can't be kept
   */
  LinkRole role(FileStatus status, TreePath directory, Name name) throws IOException {
    return status.linkCount() < 2 ? LinkRole.ONLY : role(Inode.of(status), directory.resolve(name));
  }

  synchronized LinkRole role(Inode inode, TreePath path) throws IOException {
    LinkRole role = met(inode, path);
    touched.set(groups.group(inode));
    return role;
  }

  /**
   * Takes note of a name in a slice that is as it was when this side read it last. If the target
   * has not got all of it, the slice will be listed, and the name be given its role.
   */
  void met(FileStatus status, TreePath directory, Name name) throws IOException {
    met(Inode.of(status), directory.resolve(name));
  }

  synchronized LinkRole met(Inode inode, TreePath path) throws IOException {
    long pathHash = hash.hash64(path.toBytes());
    int group = groups.group(inode);
    if (group == 0) {
      group = open(inode, pathHash, path);
    }
    if (groups.firstHash(inode) == pathHash) {
      return LinkRole.FIRST;
    }
    add(new Member(group, path));
    return LinkRole.LATER;
  }

  private int open(Inode inode, long pathHash, TreePath path) throws IOException {
    if (groups.size() >= limits.groups()) {
      spill().addGroups(groups);
      groups.clear();
    }
    OpenGroups.Group group = spill == null ? null : spill.find(inode);
    if (group == null) {
      groupCount = Math.incrementExact(groupCount);
      group = new OpenGroups.Group(groupCount, pathHash);
      add(new Member(group.number(), path));
    }
    groups.add(inode, group);
    return group.number();
  }

  private void add(Member member) throws IOException {
    members.add(member);
    if (members.size() >= limits.names()) {
      spill().addMembers(members);
      members = new ArrayList<>();
    }
  }

  private LinkSpill spill() throws IOException {
    if (spill == null) {
      spill = LinkSpill.in(scratch);
    }
    return spill;
  }

  /** Tells groups of several names that were met; a large one in several pieces. */
  public synchronized void forEach(Selection selection, int othersMax, Links links)
      throws IOException, InterruptedException {
    if (selection == Selection.TOUCHED && touched.isEmpty()) {
      return;
    }
    IntPredicate isTold = selection == Selection.ALL ? _ -> true : touched::get;
    var gathering = new Gathering(isTold, othersMax, links);
    if (spill == null) {
      members.sort(Comparator.comparingInt(Member::group));
      for (Member member : members) {
        gathering.accept(member);
      }
    } else {
      spill.addMembers(members);
      members = new ArrayList<>();
      spill.forEachMember(gathering);
    }
    gathering.end();
  }

  /** Puts the members of one group after the other together. */
  static final class Gathering {
    private final IntPredicate isTold;
    private final int othersMax;
    private final Links links;
    private final Set<TreePath> others = new LinkedHashSet<>();
    private @Nullable Member first;

    private Gathering(IntPredicate isTold, int othersMax, Links links) {
      this.isTold = isTold;
      this.othersMax = othersMax;
      this.links = links;
    }

    void accept(Member member) throws IOException, InterruptedException {
      if (!isTold.test(member.group())) {
        return;
      }
      if (first == null || first.group() != member.group()) {
        end();
        first = member;
        return;
      }
      others.add(member.path()); // a name that was met twice is told once, or harmlessly twice
      if (others.size() >= othersMax) {
        tell(first);
      }
    }

    private void end() throws IOException, InterruptedException {
      if (first != null && !others.isEmpty()) {
        tell(first);
      }
      first = null;
    }

    private void tell(Member of) throws IOException, InterruptedException {
      links.accept(of.path(), List.copyOf(others));
      others.clear();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    groups.clear();
    members.clear();
    if (spill != null) {
      spill.close();
      spill = null;
    }
  }
}
