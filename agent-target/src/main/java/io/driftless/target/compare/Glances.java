package io.driftless.target.compare;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.witness.WitnessSum;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sums up slices of the target by the status of their entries, and reads nothing else of them.
 * Thread-safe.
 *
 * <p>All scopes of one width are summed up in one reading of the directory and kept for the next
 * question, for a few directories.
 */
public final class Glances {
  private static final int DIRECTORIES_KEPT_MAX = 4;
  private static final int KEPT_BITS_MAX = 16;

  private final SliceComparer volume;
  private final SeededHash hash;
  private final Exclusions exclusions;
  private final Map<Width, Map<Integer, Sum>> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Width, Map<Integer, Sum>> eldest) {
          return size() > DIRECTORIES_KEPT_MAX;
        }
      };

  public Glances(SliceComparer volume, SeededHash hash, Exclusions exclusions) {
    this.volume = volume;
    this.hash = hash;
    this.exclusions = exclusions;
  }

  private record Width(TreePath directory, int bits) {}

  /**
   * A slice at a glance.
   *
   * @param entries without the directory itself
   * @param files regular files among them
   */
  public record Glance(long witness, int entries, int files) {}

  private final class Sum {
    private final WitnessSum witness = new WitnessSum(hash, 0);
    private int entries;
    private int files;

    Glance glance() {
      return new Glance(witness.value(), entries, files);
    }
  }

  /**
   * A glance at a slice, or null where there is no such directory.
   *
   * @throws ConfinementException if a mount is in the way
   */
  public @Nullable Glance at(TreePath path, Scope scope) throws LinuxException {
    if (scope.bits() == 0 || scope.bits() > KEPT_BITS_MAX) {
      return glance(read(path, scope, scope), scope);
    }
    var width = new Width(path, scope.bits());
    synchronized (kept) {
      Map<Integer, Sum> all = kept.get(width);
      if (all == null) {
        all = read(path, Scope.ALL, scope);
        if (all == null) {
          return null;
        }
        kept.put(width, all);
      }
      return glance(all, scope);
    }
  }

  private @Nullable Glance glance(@Nullable Map<Integer, Sum> sums, Scope scope) {
    if (sums == null) {
      return null;
    }
    Sum sum = sums.get(scope.prefix());
    return (sum == null ? new Sum() : sum).glance();
  }

  private @Nullable Map<Integer, Sum> read(TreePath path, Scope wanted, Scope width)
      throws LinuxException {
    try (Directory directory = volume.openIfDirectory(path)) {
      return directory == null ? null : read(directory, path, wanted, width.bits());
    } catch (LinuxException e) {
      if (e.errno() == Errno.EACCES) {
        return Map.of(); // the agent isn't root; it differs, and whoever applies it says why
      }
      throw e;
    }
  }

  private Map<Integer, Sum> read(Directory directory, TreePath path, Scope wanted, int bits)
      throws LinuxException {
    var sums = new HashMap<Integer, Sum>();
    if (wanted.holdsDirectoryItself()) {
      sums.computeIfAbsent(0, _ -> new Sum()).witness.add(null, directory.fd().status());
    }
    Exclusions.InDirectory excluded = exclusions.in(path);
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        Name name = entries.name();
        long nameHash = bits == 0 ? 0 : hash.hash64(name);
        if (wanted.contains(nameHash)) {
          int prefix = bits == 0 ? 0 : (int) (nameHash >>> (Long.SIZE - bits));
          add(directory, name, entries.kind(), excluded, sums, prefix);
        }
      }
    }
    return sums;
  }

  private void add(
      Directory directory,
      Name name,
      @Nullable Kind told,
      Exclusions.InDirectory excluded,
      Map<Integer, Sum> sums,
      int prefix)
      throws LinuxException {
    FileStatus status = told == Kind.DIRECTORY ? null : directory.statusIfPresent(name);
    if (told != Kind.DIRECTORY && status == null) {
      return;
    }
    Kind kind = status == null ? Kind.DIRECTORY : status.kind();
    if (excluded.excludes(name, kind)) {
      return;
    }
    Sum sum = sums.computeIfAbsent(prefix, _ -> new Sum());
    sum.entries++;
    if (status == null || kind == Kind.DIRECTORY) {
      sum.witness.addSubdirectory(name);
    } else {
      sum.witness.add(name, status);
      sum.files += kind == Kind.REGULAR ? 1 : 0;
    }
  }
}
