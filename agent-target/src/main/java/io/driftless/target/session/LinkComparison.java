package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.message.ComparisonMessage.Trait;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares which names lead to one inode. Thread-safe, but for {@link Census}. */
final class LinkComparison {
  private final EntryComparison comparison;

  LinkComparison(EntryComparison comparison) {
    this.comparison = comparison;
  }

  /** Counts the names of each group as its messages come in order. Belongs to the event loop. */
  static final class Census {
    private @Nullable TreePath first;
    private List<TreePath> others = List.of();
    private long names;

    /** Takes note of a group; returns the one before if that is complete. */
    @Nullable Group next(LinkGroup group) {
      if (Objects.equals(first, group.first())) {
        names += group.others().size();
        others = List.of();
        return null;
      }
      Group complete = end();
      first = group.first();
      others = group.others();
      names = 1L + group.others().size();
      return complete;
    }

    /** The last group, if there was any. */
    @Nullable Group end() {
      TreePath at = first;
      first = null;
      return at == null ? null : new Group(at, others, names);
    }
  }

  /**
   * A group that came completely.
   *
   * @param others empty if they came in several messages
   * @param names how many there are in all
   */
  record Group(TreePath first, List<TreePath> others, long names) {}

  /** Tells of names that are here, and are not names of the first one's inode. */
  void compare(LinkGroup group) throws IOException, InterruptedException {
    FileStatus first = find(group.first());
    for (TreePath path : group.others()) {
      FileStatus other = find(path);
      if (other != null && !isSame(first, other)) {
        comparison.tell(
            path,
            other.kind(),
            Trait.LINKS,
            other,
            "a name of " + group.first(),
            "a file of its own or of others");
      }
    }
  }

  private static boolean isSame(@Nullable FileStatus first, FileStatus other) {
    return first != null && first.inode() == other.inode() && first.device() == other.device();
  }

  /** Tells of a group that has more names here than at the source. */
  void compareSize(Group group) throws IOException, InterruptedException {
    FileStatus first = find(group.first());
    if (first != null && first.linkCount() > group.names()) {
      comparison.tell(
          group.first(),
          first.kind(),
          Trait.LINKS,
          first,
          "%d names".formatted(group.names()),
          "%d names".formatted(first.linkCount()));
    }
  }

  /** What is at a path and may have several names, or null. */
  private @Nullable FileStatus find(TreePath path) throws IOException {
    try (Directory directory = comparison.open(path.parent())) {
      FileStatus status = directory == null ? null : directory.statusIfPresent(path.name());
      return status != null && !status.isDirectory() ? status : null;
    } catch (LinuxException e) {
      if (e instanceof ConfinementException || e.errno() == Errno.EACCES) {
        return null;
      }
      throw e;
    }
  }
}
