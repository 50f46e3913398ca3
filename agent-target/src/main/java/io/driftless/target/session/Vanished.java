package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Regular files that the target has and the source doesn't, as far as somebody looks for their
 * length and time. Confined to the thread of the pass.
 */
final class Vanished {
  private final PassParts pass;
  private final Set<Trait> wanted;
  private final Map<Trait, List<TreePath>> files = new HashMap<>();

  private Vanished(PassParts pass, Set<Trait> wanted) {
    this.pass = pass;
    this.wanted = wanted;
  }

  /** What a file keeps when it gets another name. */
  record Trait(long bytes, long modifiedSeconds, int modifiedNanos) {
    static Trait of(Metadata metadata) {
      return new Trait(
          metadata.sizeBytes(), metadata.modified().seconds(), metadata.modified().nanos());
    }

    static Trait of(FileStatus status) {
      return new Trait(status.size(), status.modifiedSeconds(), status.modifiedNanos());
    }
  }

  /** Looks for files among what complete listings left out, and below. */
  static Vanished among(PassParts pass, Set<Trait> wanted) throws LinuxException {
    var vanished = new Vanished(pass, wanted);
    for (Map.Entry<TreePath, List<Name>> at : pass.extras().byDirectory().entrySet()) {
      vanished.look(at.getKey(), Set.copyOf(at.getValue()));
    }
    return vanished;
  }

  /** The name of one that is as wanted, best the same, or null; nobody else gets it. */
  @Nullable TreePath take(Trait trait, Name name) {
    List<TreePath> alike = files.get(trait);
    if (alike == null || alike.isEmpty()) {
      return null;
    }
    for (TreePath path : alike) {
      if (path.name().equals(name)) {
        alike.remove(path);
        return path;
      }
    }
    return alike.removeLast();
  }

  private void look(TreePath top, Set<Name> names) throws LinuxException {
    var open = new ArrayDeque<TreePath>();
    lookIn(top, names, open);
    while (!open.isEmpty()) {
      lookIn(open.pop(), null, open);
    }
  }

  private void lookIn(TreePath path, @Nullable Set<Name> only, ArrayDeque<TreePath> open)
      throws LinuxException {
    try (Directory directory = pass.comparer().openIfDirectory(path)) {
      if (directory != null
          && directory.fd().status().device() == pass.root().fd().status().device()) {
        lookIn(directory, path, only, open);
      }
    } catch (ConfinementException e) {
      // Something is mounted there, and stays.
    } catch (LinuxException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
    }
  }

  private void lookIn(
      Directory directory, TreePath path, @Nullable Set<Name> only, ArrayDeque<TreePath> open)
      throws LinuxException {
    Exclusions.InDirectory excluded = pass.exclusions().in(path);
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        Name name = entries.name();
        FileStatus status =
            only == null || only.contains(name) ? directory.statusIfPresent(name) : null;
        if (status == null || status.isMountRoot() || excluded.excludes(name, status.kind())) {
          continue;
        }
        if (status.isDirectory()) {
          open.push(path.resolve(name));
        } else if (status.isRegular() && wanted.contains(Trait.of(status))) {
          files.computeIfAbsent(Trait.of(status), _ -> new ArrayList<>()).add(path.resolve(name));
        }
      }
    }
  }
}
