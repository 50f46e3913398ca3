package io.driftless.target.compare;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sums up scopes of directories of the volume. All scopes of one width are summed up in one reading
 * of the directory and kept for the next question, for a few directories. Thread-safe.
 *
 * @param <T> what a scope comes to; not changed once it was read
 */
final class ScopeReader<T> {
  private static final int DIRECTORIES_KEPT_MAX = 4;
  private static final int KEPT_BITS_MAX = 16;

  private final Opener volume;
  private final SeededHash hash;
  private final Exclusions exclusions;
  private final Supplier<Sums<T>> empty;
  private final Map<Width, Map<Integer, T>> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Width, Map<Integer, T>> eldest) {
          return size() > DIRECTORIES_KEPT_MAX;
        }
      };

  private record Width(TreePath directory, int bits) {}

  /** Opens directories of the volume. */
  @FunctionalInterface
  interface Opener {
    /** Null where there is none. */
    @Nullable Directory open(TreePath path) throws LinuxException;
  }

  /** What one reading of a directory comes to. Confined to one thread. */
  interface Sums<T> {
    /** Adds the directory itself, which belongs to the first scope. */
    void addSelf(Directory directory, TreePath path) throws LinuxException;

    /**
     * Adds an entry, unless it is excluded or gone.
     *
     * @param entry where the cursor is
     * @param nameHash of its name
     * @param prefix of its scope
     */
    void add(
        Directory directory,
        DirectoryEntries entry,
        long nameHash,
        Exclusions.InDirectory excluded,
        int prefix)
        throws LinuxException;

    /** By prefix; a scope that holds nothing may be left out. */
    Map<Integer, T> byPrefix();
  }

  /**
   * A reader.
   *
   * @param empty makes sums for one reading
   */
  ScopeReader(Opener volume, SeededHash hash, Exclusions exclusions, Supplier<Sums<T>> empty) {
    this.volume = volume;
    this.hash = hash;
    this.exclusions = exclusions;
    this.empty = empty;
  }

  /**
   * What a scope comes to, or null where there is no such directory.
   *
   * @param nothing what it is where it holds nothing
   * @throws ConfinementException if a mount is in the way
   */
  @Nullable T at(TreePath path, Scope scope, T nothing) throws LinuxException {
    Map<Integer, T> all =
        scope.bits() == 0 || scope.bits() > KEPT_BITS_MAX
            ? read(path, scope, scope)
            : keptOrRead(path, scope);
    return all == null ? null : all.getOrDefault(scope.prefix(), nothing);
  }

  private @Nullable Map<Integer, T> keptOrRead(TreePath path, Scope scope) throws LinuxException {
    var width = new Width(path, scope.bits());
    synchronized (kept) {
      Map<Integer, T> all = kept.get(width);
      if (all == null) {
        all = read(path, Scope.ALL, scope);
        if (all != null) {
          kept.put(width, all);
        }
      }
      return all;
    }
  }

  private @Nullable Map<Integer, T> read(TreePath path, Scope wanted, Scope width)
      throws LinuxException {
    try (Directory directory = volume.open(path)) {
      return directory == null ? null : read(directory, path, wanted, width.bits());
    } catch (LinuxException e) {
      if (e.errno() == Errno.EACCES) {
        return Map.of(); // the agent isn't root; it differs, and whoever applies it says why
      }
      throw e;
    }
  }

  private Map<Integer, T> read(Directory directory, TreePath path, Scope wanted, int bits)
      throws LinuxException {
    Sums<T> sums = empty.get();
    if (wanted.holdsDirectoryItself()) {
      sums.addSelf(directory, path);
    }
    Exclusions.InDirectory excluded = exclusions.in(path);
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        long nameHash = entries.nameHash(hash);
        if (wanted.contains(nameHash)) {
          int prefix = bits == 0 ? 0 : (int) (nameHash >>> (Long.SIZE - bits));
          sums.add(directory, entries, nameHash, excluded, prefix);
        }
      }
    }
    return sums.byPrefix();
  }
}
