package io.driftless.protocol.linux;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;

/**
 * Where something is, for messages: the root that the administrator named and the path below it.
 */
record Place(String root, TreePath path) {
  Place resolve(Name name) {
    return new Place(root, path.resolve(name));
  }

  /** Escaped, for people. */
  @Override
  public String toString() {
    if (path.isRoot()) {
      return root;
    }
    return root.endsWith("/") ? root + path : root + "/" + path;
  }
}
