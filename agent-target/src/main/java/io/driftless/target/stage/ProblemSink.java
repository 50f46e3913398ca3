package io.driftless.target.stage;

import io.driftless.protocol.tree.TreePath;

/** Takes note of what could not be carried. Thread-safe. */
public interface ProblemSink {
  /**
   * One item that could not be carried.
   *
   * @param reason slug, stable
   * @param detail one line for people, escaped
   */
  void add(TreePath path, String reason, String detail);
}
