package io.driftless.source.report;

import io.driftless.protocol.listing.ContentSum;
import io.driftless.protocol.tree.TreePath;

/** Takes what files of the source sum up to. Called by several threads at once. */
@FunctionalInterface
public interface HashSink {
  /**
   * The content of a file that held still while it was read.
   *
   * @throws ManifestException if that can't be kept
   */
  void hashed(TreePath path, ContentSum content) throws ManifestException;
}
