package io.driftless.target.session;

import io.driftless.protocol.tree.TreePath;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Remembers entries of which nothing is known because the disk failed: they are transferred again
 * without being compared. Thread-safe.
 */
public interface PoisonStore {
  Set<TreePath> poisoned() throws IOException;

  void poison(List<TreePath> entries) throws IOException;

  /** These are durable after all. */
  void healed(List<TreePath> entries) throws IOException;

  /** Directories whose content is to be compared, whatever their metadata. */
  Set<TreePath> unproven() throws IOException;

  void doubt(List<TreePath> directories) throws IOException;

  /** All content has been compared. */
  void proven() throws IOException;
}
