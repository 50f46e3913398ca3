package io.driftless.protocol.message;

import io.driftless.protocol.tree.Name;
import io.driftless.protocol.tree.TreePath;
import java.util.List;

/**
 * The deletion phase of a pass: nothing vanishes from the target before the source has looked and
 * not found it.
 */
public sealed interface DeletionMessage extends Message {
  /**
   * From the target: does the source have these names? Only about what a complete listing left out.
   *
   * @param question number in the pass, counted from 1
   * @param directory in which they are on the target
   */
  record ConfirmAbsent(long question, TreePath directory, List<Name> names)
      implements DeletionMessage {
    public static final int NAMES_MAX = 1024;

    /** How many may be unanswered. */
    public static final int QUESTIONS_MAX = 64;
  }

  /**
   * The answer to {@link ConfirmAbsent}, in any order.
   *
   * @param absent positions, ascending, of the names that the source looked for and does not have;
   *     what it could not look for is not among them
   */
  record Absences(long question, List<Integer> absent) implements DeletionMessage {}

  /**
   * From the source, before {@code EndOfWalk} of a pass over changes: these entries are no longer
   * there. Of what vanished with its directory only the directory is told. The target asks about
   * them as about everything else before it deletes.
   */
  record Missing(List<TreePath> paths) implements DeletionMessage {
    public static final int PATHS_MAX = 1024;
  }
}
