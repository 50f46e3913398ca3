package io.driftless.target.compare;

import io.driftless.protocol.linux.DirectoryEntries;
import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/** What does not belong to the volume, on either side. Thread-safe. */
public interface Exclusions {
  /** Nothing is excluded. */
  Exclusions NONE = _ -> InDirectory.NOTHING;

  /** The rules in one directory. */
  InDirectory in(TreePath directory);

  /** The rules in one directory. */
  @FunctionalInterface
  interface InDirectory {
    boolean excludes(Name name, Kind kind);

    /** No rule reaches into the directory. */
    InDirectory NOTHING = (_, _) -> false;

    /** The same of an entry that is being listed: without a rule, its name need not be made. */
    default boolean excludes(DirectoryEntries entry, Kind kind) {
      return this != NOTHING && excludes(entry.name(), kind);
    }
  }
}
