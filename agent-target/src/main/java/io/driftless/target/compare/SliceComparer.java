package io.driftless.target.compare;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.listing.SliceDigest;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.EntryCodec;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Sums up slices of the target in the source's terms. Thread-safe. */
public final class SliceComparer {
  private final ConfinedRoot root;
  private final SeededHash hash;
  private final Owners owners;
  private final Exclusions exclusions;
  private final ScopeReader<Summary> scopes;

  public SliceComparer(ConfinedRoot root, SeededHash hash, Owners owners, Exclusions exclusions) {
    this.root = root;
    this.hash = hash;
    this.owners = owners;
    this.exclusions = exclusions;
    this.scopes = new ScopeReader<>(this::openIfDirectory, hash, exclusions, Summaries::new);
  }

  /**
   * A slice as the target has it.
   *
   * @param entries without the directory itself
   * @param files regular files among them
   */
  public record Summary(Digest digest, int entries, int files) {
    static final Summary EMPTY = new Summary(Digest.EMPTY, 0, 0);

    Summary plus(Summary more) {
      return new Summary(digest.plus(more.digest), entries + more.entries, files + more.files);
    }
  }

  /**
   * The summary of a slice, or null where there is no such directory.
   *
   * @throws ConfinementException if a mount is in the way
   */
  public @Nullable Summary summarize(TreePath path, Scope scope) throws IOException {
    return scopes.at(path, scope, Summary.EMPTY);
  }

  /** What a directory of the volume stands for. */
  public Subtree subtreeOfDirectory(TreePath path) throws LinuxException {
    return Subtree.ofDirectory(path, this, exclusions, root.fd().status().device());
  }

  /**
   * What an entry stands for; null where there is none, or one that is excluded.
   *
   * @param path not the root
   */
  public @Nullable Subtree subtreeIfPresent(TreePath path) throws LinuxException {
    try (Directory directory = openIfDirectory(path.parent())) {
      FileStatus status = directory == null ? null : directory.statusIfPresent(path.name());
      if (status == null || exclusions.in(path.parent()).excludes(path.name(), status.kind())) {
        return null;
      }
      return status.isDirectory() ? subtreeOfDirectory(path) : Subtree.ofFile(status);
    }
  }

  /**
   * Names of a slice that a complete listing left out.
   *
   * @param listed names that the source has
   * @param extra told of each
   */
  public void leftOut(TreePath path, Scope scope, Set<Name> listed, BiConsumer<Name, Subtree> extra)
      throws LinuxException {
    forEachLeftOut(
        path,
        scope,
        listed,
        (name, status) -> {
          extra.accept(
              name,
              status.isDirectory()
                  ? subtreeOfDirectory(path.resolve(name))
                  : Subtree.ofFile(status));
          return true;
        });
  }

  /** Tells whether a slice has names that a listing left out. */
  public boolean hasLeftOut(TreePath path, Scope scope, Set<Name> listed) throws LinuxException {
    return !forEachLeftOut(path, scope, listed, (_, _) -> false);
  }

  private interface Visitor {
    /** Returns whether to go on. */
    boolean visit(Name name, FileStatus status) throws LinuxException;
  }

  /** Returns whether it went on to the end. */
  private boolean forEachLeftOut(TreePath path, Scope scope, Set<Name> listed, Visitor visitor)
      throws LinuxException {
    try (Directory directory = openIfDirectory(path)) {
      return directory == null || forEachLeftOut(directory, path, scope, listed, visitor);
    } catch (LinuxException e) {
      if (e.isAbsent()) {
        return true; // it was removed meanwhile
      }
      throw e;
    }
  }

  private boolean forEachLeftOut(
      Directory directory, TreePath path, Scope scope, Set<Name> listed, Visitor visitor)
      throws LinuxException {
    Exclusions.InDirectory excluded = exclusions.in(path);
    try (DirectoryEntries entries = directory.entries()) {
      while (entries.next()) {
        Name name = entries.name();
        if (listed.contains(name) || scope.bits() > 0 && !scope.contains(hash.hash64(name))) {
          continue;
        }
        FileStatus status = directory.statusIfPresent(name);
        if (status != null
            && !excluded.excludes(name, status.kind())
            && !visitor.visit(name, status)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Opens a directory; null where there is none, be it that another kind has its name. */
  public @Nullable Directory openIfDirectory(TreePath path) throws LinuxException {
    try {
      return root.openIfPresent(path);
    } catch (ConfinementException e) {
      if (e.reason() == ConfinementException.Reason.MOUNT_POINT) {
        throw e;
      }
      return null;
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOTDIR) {
        return null;
      }
      throw e;
    }
  }

  private final class Summaries implements ScopeReader.Sums<Summary> {
    private final SliceDigest digest = new SliceDigest(hash);
    private final Map<Integer, Summary> byPrefix = new HashMap<>();

    @Override
    public void addSelf(Directory directory, TreePath path) throws LinuxException {
      Metadata self = MetadataReader.read(directory.fd(), directory.fd().status());
      Name name = path.isRoot() ? null : path.name();
      add(0, new Summary(digest.of(entry(name, self)), 0, 0));
    }

    @Override
    public void add(
        Directory directory,
        DirectoryEntries entry,
        long nameHash,
        Exclusions.InDirectory excluded,
        int prefix)
        throws LinuxException {
      Entry read = read(directory, entry.name(), entry.kind(), excluded);
      if (read != null) {
        int files = read.kind() == Kind.REGULAR ? 1 : 0;
        add(prefix, new Summary(digest.of(read), 1, files));
      }
    }

    private void add(int prefix, Summary more) {
      byPrefix.merge(prefix, more, Summary::plus);
    }

    @Override
    public Map<Integer, Summary> byPrefix() {
      return byPrefix;
    }
  }

  private @Nullable Entry read(
      Directory directory, Name name, @Nullable Kind told, Exclusions.InDirectory excluded)
      throws LinuxException {
    Kind kind = told;
    FileStatus status = null;
    if (kind == null) {
      status = directory.statusIfPresent(name);
      if (status == null) {
        return null;
      }
      kind = status.kind();
    }
    if (excluded.excludes(name, kind)) {
      return null;
    }
    if (kind == Kind.DIRECTORY) {
      return EntryCodec.nameOfDirectory(name);
    }
    Metadata found = find(directory, name, status);
    return found == null ? null : entry(name, found);
  }

  private Entry entry(@Nullable Name name, Metadata found) {
    return new Entry(name, owners.toSource(found), LinkRole.ONLY, 0);
  }

  /** The metadata of an entry of the target, or null where there is none. */
  public static @Nullable Metadata find(Directory directory, Name name, @Nullable FileStatus status)
      throws LinuxException {
    try {
      FileStatus present = status != null ? status : directory.statusIfPresent(name);
      return present == null ? null : MetadataReader.read(directory, name, present);
    } catch (LinuxException e) {
      if (e.isAbsent()) {
        return null;
      }
      throw e;
    }
  }
}
