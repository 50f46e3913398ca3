package io.driftless.source.report;

import io.driftless.protocol.message.PassMessage.Notice;
import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.tree.TreePath;

/**
 * Hears what a pass finds out about the volume. Called by several threads at once, also by event
 * loops, so it must not block for long.
 */
public interface Findings {
  /** One item that could not be carried, or not exactly. */
  void problem(Problem problem);

  /** Something that the administrator should know. */
  void notice(Notice notice);

  /**
   * As {@link #problem(Problem)}.
   *
   * @param reason short and stable, for programs and for grouping
   */
  default void problem(TreePath path, String reason, String detail) {
    problem(new Problem(path, reason, detail));
  }
}
