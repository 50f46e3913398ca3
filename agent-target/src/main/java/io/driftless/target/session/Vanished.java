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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Regular files that the target has and the source doesn't, as far as somebody looks for their
 * length and time, or for something large to build on. Confined to the thread of the pass.
 */
final class Vanished {
  private static final int LARGE_MAX = 1024;

  private final PassParts pass;
  private final Set<Trait> wanted;
  private final Map<Trait, List<TreePath>> files = new HashMap<>();

  /** Of files that a delta can build on, those that were met first. */
  private final Map<TreePath, Long> large = new LinkedHashMap<>();

  private final boolean seeksLarge;

  private Vanished(PassParts pass, Set<Trait> wanted) {
    this.pass = pass;
    this.wanted = wanted;
    this.seeksLarge =
        wanted.stream().anyMatch(trait -> trait.bytes >= DeltaTransfer.FILE_BYTES_MIN);
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
    TreePath chosen = alike.getLast();
    for (TreePath path : alike) {
      if (path.name().equals(name)) {
        chosen = path;
        break;
      }
    }
    alike.remove(chosen);
    large.remove(chosen);
    return chosen;
  }

  /**
   * The file that looks most like an earlier version of one that is new, or null. It may be that of
   * several.
   */
  @Nullable TreePath likest(TreePath fresh, long bytes) {
    TreePath likest = null;
    double most = 0;
    for (Map.Entry<TreePath, Long> old : large.entrySet()) {
      double likeness = Likeness.of(fresh, bytes, old.getKey(), old.getValue());
      if (likeness > most) {
        most = likeness;
        likest = old.getKey();
      }
    }
    return likest;
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
        } else if (status.isRegular()) {
          met(path.resolve(name), status);
        }
      }
    }
  }

  private void met(TreePath path, FileStatus status) {
    Trait trait = Trait.of(status);
    if (wanted.contains(trait)) {
      files.computeIfAbsent(trait, _ -> new ArrayList<>()).add(path);
    }
    if (seeksLarge && trait.bytes >= DeltaTransfer.FILE_BYTES_MIN && large.size() < LARGE_MAX) {
      large.put(path, trait.bytes);
    }
  }
}
