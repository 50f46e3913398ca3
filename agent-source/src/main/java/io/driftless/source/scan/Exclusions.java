package io.driftless.source.scan;

import io.driftless.protocol.filter.DirectoryFilter;
import io.driftless.protocol.filter.Filter;
import io.driftless.protocol.filter.Verdict;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.Optional;
import java.util.Set;

/**
 * What is not part of a volume although it lies in its root: what the administrator excludes, what
 * belongs to the file system, and what is our own. Immutable.
 */
public final class Exclusions {
  private static final Name STAGING = Name.of(".driftless");
  private static final Name LOST_AND_FOUND = Name.of("lost+found");

  /** The root of every ext2, ext3 and ext4. */
  private static final long EXT_ROOT_INODE = 2;

  private final Filter filter;
  private final Set<TreePath> ownPaths;

  /**
   * Exclusions of a volume.
   *
   * @param ownPaths homes and sockets of agents that lie inside
   */
  public Exclusions(Filter filter, Set<TreePath> ownPaths) {
    this.filter = filter;
    this.ownPaths = Set.copyOf(ownPaths);
  }

  /** What is excluded in one directory with this status. */
  OfDirectory in(TreePath directory, FileStatus status) {
    return new OfDirectory(directory, filter.in(directory), isRootOfFileSystem(directory, status));
  }

  private static boolean isRootOfFileSystem(TreePath directory, FileStatus status) {
    return directory.isRoot() && (status.isMountRoot() || status.inode() == EXT_ROOT_INODE);
  }

  /**
   * Why an entry is not part of the volume, be it for a directory above it; empty if it is.
   *
   * @param rootStatus of the volume's root
   */
  public Optional<String> reason(TreePath path, Kind kind, FileStatus rootStatus) {
    if (path.isRoot()) {
      return Optional.empty();
    }
    Name first = path.names().getFirst();
    if (first.equals(STAGING)) {
      return Optional.of("Driftless keeps .driftless for itself");
    }
    Optional<TreePath> own = ownPaths.stream().filter(path::startsWith).findFirst();
    if (own.isPresent()) {
      return Optional.of("%s belongs to an agent of this host".formatted(own.get()));
    }
    boolean isDirectory = path.depth() > 1 || kind == Kind.DIRECTORY;
    if (first.equals(LOST_AND_FOUND)
        && isDirectory
        && isRootOfFileSystem(TreePath.ROOT, rootStatus)) {
      return Optional.of("the file system keeps lost+found for its repair");
    }
    Verdict verdict = filter.decide(path.parent(), path.name(), kind);
    return verdict.isExcluded() ? Optional.of(verdict.toString()) : Optional.empty();
  }

  /** Tells whether a pattern excludes an entry, and it is nobody's own. */
  public boolean isExcludedByPattern(TreePath directory, Name name, Kind kind) {
    TreePath path = directory.resolve(name);
    Name first = path.names().getFirst();
    boolean isOwn =
        first.equals(STAGING)
            || first.equals(LOST_AND_FOUND)
            || ownPaths.stream().anyMatch(own -> own.startsWith(path) || path.startsWith(own));
    return !isOwn && filter.decide(directory, name, kind).isExcluded();
  }

  /** Confined to one thread. */
  final class OfDirectory {
    private final TreePath directory;
    private final DirectoryFilter patterns;
    private final boolean isRootOfFileSystem;
    private final boolean excludesNothing;

    private OfDirectory(TreePath directory, DirectoryFilter patterns, boolean isRootOfFileSystem) {
      this.directory = directory;
      this.patterns = patterns;
      this.isRootOfFileSystem = isRootOfFileSystem;
      this.excludesNothing =
          patterns.excludesNothing()
              && !directory.isRoot()
              && ownPaths.stream().noneMatch(own -> holds(directory, own));
    }

    private static boolean holds(TreePath directory, TreePath own) {
      return !own.isRoot() && own.parent().equals(directory);
    }

    /** As {@link #excludes(Name, Kind)}; the name is made only where something can be excluded. */
    boolean excludes(DirectoryEntries entry, Kind kind) {
      return !excludesNothing && excludes(entry.name(), kind);
    }

    boolean excludes(Name name, Kind kind) {
      if (patterns.excludes(name, kind)) {
        return true;
      }
      if (directory.isRoot() && name.equals(STAGING)) {
        return true;
      }
      if (isRootOfFileSystem && kind == Kind.DIRECTORY && name.equals(LOST_AND_FOUND)) {
        return true;
      }
      return !ownPaths.isEmpty() && ownPaths.contains(directory.resolve(name));
    }
  }
}
