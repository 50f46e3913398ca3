package io.driftless.source.agent;

import io.driftless.protocol.message.ComparisonMessage.Difference;
import io.driftless.protocol.tree.TreePath;
import io.driftless.source.watch.Unrest;

/**
 * Which findings of a verification say nothing, because the entry moved while it was compared.
 *
 * @param shared other names of what moves just now
 * @param tellsOfInodes whether the loss of one name of a file is told of another that it keeps
 */
record Unsettled(Unrest unrest, SharedInodes shared, boolean tellsOfInodes) {
  boolean covers(Difference difference) {
    TreePath path = difference.path();
    boolean moved =
        switch (difference.trait()) {
          case MISSING, EXTRA, TYPE -> unrest.coversPresence(path);
          case LINKS -> unrest.covers(path) || !tellsOfInodes && unrest.covers(TreePath.ROOT);
          default -> unrest.covers(path);
        };
    return moved || shared.contain(path);
  }

  /** Whether a directory or an entry may have been gone when it was looked at. */
  boolean covers(TreePath path) {
    return unrest.coversPresence(path);
  }
}
