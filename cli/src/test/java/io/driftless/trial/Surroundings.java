package io.driftless.trial;

import io.driftless.protocol.linux.ConfinedRoot;
import io.driftless.protocol.linux.Directory;
import io.driftless.protocol.linux.Fd;
import io.driftless.protocol.linux.FileStatus;
import io.driftless.protocol.linux.LinuxException;
import io.driftless.trial.TreeModel.Node;

/** Where a random change happens: the tree, what is known of it, and what to choose by. */
record Surroundings(
    ConfinedRoot root,
    TreeModel model,
    java.util.random.RandomGenerator random,
    RandomValues values) {

  /** The change finds nothing that it could be done to. */
  static final class NothingFitsException extends Exception {
    private static final long serialVersionUID = 1;

    NothingFitsException() {
      super("nothing fits", null, false, false);
    }
  }

  Node any(java.util.function.Predicate<Node> fits) throws NothingFitsException {
    Node node = model.any(random, fits);
    if (node == null) {
      throw new NothingFitsException();
    }
    return node;
  }

  Node anyFile() throws NothingFitsException {
    return any(node -> node.inode.isRegular());
  }

  Node anyDirectory() throws NothingFitsException {
    return any(node -> node.inode.isDirectory());
  }

  Node anyBelowRoot() throws NothingFitsException {
    return any(node -> !node.isRoot());
  }

  Directory open(Node directory) throws LinuxException {
    return root.open(directory.path());
  }

  Directory openParent(Node node) throws LinuxException {
    return open(node.parent);
  }

  FileStatus status(Node node) throws LinuxException {
    try (Directory parent = openParent(node)) {
      return parent.status(node.name);
    }
  }

  Fd openForWriting(Node node) throws LinuxException {
    try (Directory parent = openParent(node)) {
      return parent.openForWriting(node.name);
    }
  }
}
