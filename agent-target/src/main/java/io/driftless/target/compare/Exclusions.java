package io.driftless.target.compare;

import io.driftless.protocol.tree.Kind;
import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/** What does not belong to the volume, on either side. Thread-safe. */
public interface Exclusions {
  /** Nothing is excluded. */
  Exclusions NONE = _ -> (_, _) -> false;

  /** The rules in one directory. */
  InDirectory in(TreePath directory);

  /** The rules in one directory. */
  @FunctionalInterface
  interface InDirectory {
    boolean excludes(Name name, Kind kind);
  }
}
