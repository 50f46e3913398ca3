package io.driftless.source.scan;

import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.scan.LinkTable.Inode;
import io.driftless.source.scan.Visitor.Telling;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the names of inodes in the volume by the numbers in its directories, without asking for the
 * status of what else is in them. Confined to one thread.
 *
 * <p>What is renamed meanwhile may be missed; whoever watches is told of it.
 */
final class NameSearch {
  private final Visitor visitor;
  private final Map<Inode, Sought> sought = new HashMap<>();
  private final Set<Long> numbers = new HashSet<>();
  private int incomplete;

  private static final class Sought {
    private final Set<TreePath> names = new LinkedHashSet<>();
    private boolean isComplete;
  }

  NameSearch(Visitor visitor, Collection<Inode> inodes) {
    this.visitor = visitor;
    for (Inode inode : inodes) {
      sought.put(inode, new Sought());
      numbers.add(inode.number());
    }
    this.incomplete = sought.size();
  }

  /** The names of an inode that were found. */
  Set<TreePath> names(Inode inode) {
    Sought of = sought.get(inode);
    return of == null ? Set.of() : of.names;
  }

  /** Whether as many names are known as the inode has. */
  boolean isComplete(Inode inode) {
    Sought of = sought.get(inode);
    return of != null && of.isComplete;
  }

  boolean isComplete() {
    return incomplete == 0;
  }

  /** Looks into some directories, and not below them. */
  void look(Collection<TreePath> directories) throws InterruptedException {
    for (TreePath directory : directories) {
      if (!isComplete()) {
        look(directory, _ -> {});
      }
    }
  }

  /** Looks into all directories of the volume, or as many as it takes. */
  void lookEverywhere() throws InterruptedException {
    Deque<TreePath> open = new ArrayDeque<>();
    open.push(TreePath.ROOT);
    while (!open.isEmpty() && !isComplete()) {
      look(open.pop(), open::push);
    }
  }

  private void look(TreePath directory, Consumer<TreePath> subdirectories)
      throws InterruptedException {
    if (visitor.visit(directory, Telling.AGAIN) instanceof Visit.Open open) {
      try (open;
          DirectoryEntries entries = open.directory().entries()) {
        while (entries.next()) {
          look(open, entries, subdirectories);
        }
      } catch (LinuxException e) {
        return; // names that can't be read are none of the volume's
      }
    }
  }

  private void look(Visit.Open open, DirectoryEntries at, Consumer<TreePath> subdirectories)
      throws LinuxException {
    Kind kind = at.kind();
    boolean mayBeDirectory = kind == null || kind == Kind.DIRECTORY;
    boolean mayBeSought = kind != Kind.DIRECTORY && numbers.contains(at.inode());
    if (!mayBeDirectory && !mayBeSought) {
      return;
    }
    FileStatus status = kind == Kind.DIRECTORY ? null : at.statusIfPresent();
    Kind known = status == null ? kind : status.kind();
    if (known == null || open.exclusions().excludes(at, known)) {
      return;
    }
    if (known == Kind.DIRECTORY) {
      subdirectories.accept(open.path().resolve(at.name()));
    } else if (status != null) {
      found(status, open.path(), at.name());
    }
  }

  private void found(FileStatus status, TreePath directory, Name name) {
    Sought of = sought.get(Inode.of(status));
    if (of == null) {
      return;
    }
    of.names.add(directory.resolve(name));
    if (!of.isComplete && of.names.size() >= status.linkCount()) {
      of.isComplete = true;
      incomplete--;
    }
  }
}
