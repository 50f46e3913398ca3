package io.driftless.target.session;

import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.Errno;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.listing.MetadataReader;
import io.driftless.protocol.listing.SliceDigest;
import io.driftless.protocol.message.PassMessage.Offer;
import io.driftless.protocol.tree.Digest;
import io.driftless.protocol.tree.Entry;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.LinkRole;
import io.driftless.protocol.tree.Metadata;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.target.compare.Exclusions;
import io.driftless.target.compare.SliceComparer.Summary;
import io.driftless.target.witness.SliceRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Directories that the target has and the source doesn't, told by what they hold: the digest of a
 * slice is that which the source offers of the same directory under another name, but for this
 * name. Confined to one thread at a time.
 */
final class VanishedTrees {
  private static final int TREES_MAX = 4096;

  private static final Set<Errno> OF_ALL_ENTRIES =
      EnumSet.of(Errno.EIO, Errno.EMFILE, Errno.ENFILE);

  private final PassParts pass;
  private final SliceDigest digests;
  private final Map<TreePath, Tree> trees = new LinkedHashMap<>();

  /** Those that were found so far, taken or not. */
  private final Set<TreePath> searched = new HashSet<>();

  VanishedTrees(PassParts pass) {
    this.pass = pass;
    this.digests = new SliceDigest(pass.hash());
  }

  /** One of them, with digests of its slices without itself, as far as somebody asked for them. */
  private final class Tree {
    private final TreePath path;
    private final Metadata self;
    private final Map<Scope, Digest> bare = new HashMap<>();

    Tree(TreePath path, Metadata self) {
      this.path = path;
      this.self = self;
    }

    /** What can't be read, or is being replaced by somebody, is like nothing. */
    boolean isLike(Offer offer) throws IOException {
      try {
        return isEqual(offer);
      } catch (LinuxException e) {
        if (OF_ALL_ENTRIES.contains(e.errno())) {
          throw e;
        }
        return false;
      }
    }

    private boolean isEqual(Offer offer) throws IOException {
      Digest slice = bare.get(offer.scope());
      if (slice == null) {
        slice = read(offer.scope());
        bare.put(offer.scope(), slice);
      }
      boolean hasSelf = offer.scope().holdsDirectoryItself();
      Digest self = hasSelf ? ofSelf(offer.directory().name()) : Digest.EMPTY;
      return slice.plus(self).equals(offer.digest());
    }

    private Digest read(Scope scope) throws IOException {
      SliceRecord known = pass.witnesses().find(path, scope);
      Digest whole = known == null ? Digest.EMPTY : known.sourceDigest();
      if (whole.equals(Digest.EMPTY)) {
        Summary here = pass.comparer().summarize(path, scope);
        whole = here == null ? Digest.EMPTY : here.digest();
      }
      return scope.holdsDirectoryItself() ? whole.minus(ofSelf(path.name())) : whole;
    }

    private Digest ofSelf(Name name) {
      return digests.of(new Entry(name, self, LinkRole.ONLY, 0));
    }
  }

  /** Takes in what complete listings left out since it was looked for last, and what is below. */
  void search() throws LinuxException {
    var open = new ArrayDeque<TreePath>();
    for (Map.Entry<TreePath, List<Name>> at : pass.extras().byDirectory().entrySet()) {
      at.getValue().forEach(name -> open.add(at.getKey().resolve(name)));
    }
    while (!open.isEmpty() && trees.size() < TREES_MAX) {
      TreePath path = open.remove();
      add(path);
      if (trees.containsKey(path)) {
        below(path).forEach(name -> open.add(path.resolve(name)));
      }
    }
  }

  private void add(TreePath path) throws LinuxException {
    if (!searched.add(path)) {
      return;
    }
    try (Directory directory = pass.comparer().openIfDirectory(path)) {
      if (directory == null) {
        return;
      }
      FileStatus status = directory.fd().status();
      if (status.device() == pass.root().fd().status().device() && !status.isMountRoot()) {
        Metadata self = MetadataReader.read(directory.fd(), status);
        trees.put(path, new Tree(path, pass.owners().toSource(self)));
      }
    } catch (ConfinementException e) {
      // Something is mounted there, and stays.
    } catch (LinuxException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
    }
  }

  private List<Name> below(TreePath path) throws LinuxException {
    var names = new ArrayList<Name>();
    try (Directory directory = pass.comparer().openIfDirectory(path)) {
      if (directory == null) {
        return List.of();
      }
      Exclusions.InDirectory excluded = pass.exclusions().in(path);
      try (DirectoryEntries entries = directory.entries()) {
        while (entries.next() && names.size() < TREES_MAX) {
          Name name = entries.name();
          FileStatus status = entries.kind() == null ? directory.statusIfPresent(name) : null;
          boolean isDirectory =
              status == null ? entries.kind() == Kind.DIRECTORY : status.isDirectory();
          if (isDirectory && !excluded.excludes(name, Kind.DIRECTORY)) {
            names.add(name);
          }
        }
      }
    }
    return names;
  }

  /** One that is as the source offers it, or null; nobody else gets it. */
  @Nullable TreePath take(Offer offer) throws IOException {
    for (Tree tree : trees.values()) {
      if (tree.isLike(offer)) {
        trees.remove(tree.path);
        return tree.path;
      }
    }
    return null;
  }

  /** Tells whether there is one as the source offers it. */
  boolean hasLike(Offer offer) throws IOException {
    for (Tree tree : trees.values()) {
      if (tree.isLike(offer)) {
        return true;
      }
    }
    return false;
  }
}
