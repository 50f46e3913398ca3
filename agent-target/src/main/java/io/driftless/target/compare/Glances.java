package io.driftless.target.compare;

import io.driftless.protocol.hash.SeededHash;
import io.driftless.protocol.linux.ConfinementException;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Scope;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.witness.WitnessSum;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sums up slices of the target by the status of their entries, and reads nothing else of them.
 * Thread-safe.
 */
public final class Glances {
  private final ScopeReader<Glance> scopes;
  private final Glance nothing;

  public Glances(SliceComparer volume, SeededHash hash, Exclusions exclusions) {
    this.scopes =
        new ScopeReader<>(volume::openIfDirectory, hash, exclusions, () -> new Looks(hash));
    this.nothing = Glance.of(new Look(hash));
  }

  /**
   * A slice at a glance.
   *
   * @param entries without the directory itself
   * @param files regular files among them
   */
  public record Glance(long witness, int entries, int files) {
    private static Glance of(Look look) {
      return new Glance(look.witness.value(), look.entries, look.files);
    }
  }

  /**
   * A glance at a slice, or null where there is no such directory.
   *
   * @throws ConfinementException if a mount is in the way
   */
  public @Nullable Glance at(TreePath path, Scope scope) throws LinuxException {
    return scopes.at(path, scope, nothing);
  }

  private static final class Look {
    final WitnessSum witness;
    int entries;
    int files;

    Look(SeededHash hash) {
      this.witness = new WitnessSum(hash, 0);
    }
  }

  private static final class Looks implements ScopeReader.Sums<Glance> {
    private final SeededHash hash;
    private final Map<Integer, Look> looks = new HashMap<>();
    private final Look first;

    Looks(SeededHash hash) {
      this.hash = hash;
      this.first = new Look(hash);
      looks.put(0, first);
    }

    private Look at(int prefix) {
      return prefix == 0 ? first : looks.computeIfAbsent(prefix, _ -> new Look(hash));
    }

    @Override
    public void addSelf(Directory directory, TreePath path) throws LinuxException {
      at(0).witness.add(null, directory.fd().status());
    }

    @Override
    public void add(
        Directory directory,
        DirectoryEntries entry,
        long nameHash,
        Exclusions.InDirectory excluded,
        int prefix)
        throws LinuxException {
      boolean isDirectory = entry.kind() == Kind.DIRECTORY;
      FileStatus status = isDirectory ? null : entry.statusIfPresent();
      if (!isDirectory && status == null) {
        return;
      }
      Kind kind = status == null ? Kind.DIRECTORY : status.kind();
      if (excluded.excludes(entry, kind)) {
        return;
      }
      Look look = at(prefix);
      look.entries++;
      if (status == null || kind == Kind.DIRECTORY) {
        look.witness.addSubdirectory(nameHash);
      } else {
        look.witness.add(nameHash, status);
        look.files += kind == Kind.REGULAR ? 1 : 0;
      }
    }

    @Override
    public Map<Integer, Glance> byPrefix() {
      var glances = new HashMap<Integer, Glance>();
      looks.forEach((prefix, look) -> glances.put(prefix, Glance.of(look)));
      return glances;
    }
  }
}
